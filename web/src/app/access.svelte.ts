// Asks for the printed link when something is tried that this browser may not do yet.

import { ApiError, messageOf } from '../lib/api/errors';
import { session } from './session.svelte';
import { toasts } from './toasts.svelte';

const RETURN_KEY = 'trainyard.return';

class Access {
  asking = $state(false);

  ask(): void {
    this.asking = true;
  }

  /** Runs what needs the role `launch`; without the role it explains how to get it. */
  async attempt<T>(needsLaunch: boolean, action: () => Promise<T>): Promise<T | undefined> {
    if (needsLaunch && session.hub && !session.mayLaunch) {
      this.ask();
      return undefined;
    }
    try {
      return await action();
    } catch (error) {
      if (error instanceof ApiError && error.needsAccess) this.ask();
      else toasts.error(messageOf(error));
      return undefined;
    }
  }
}

export const access = new Access();

/** Takes what a person pasted, the whole link or only its key, and signs in with it. */
export function signIn(pasted: string): void {
  const text = pasted.trim();
  const key = /[?&]key=([^&\s]+)/.exec(text)?.[1];
  sessionStorage.setItem(RETURN_KEY, location.pathname + location.search);
  location.assign(`/login?key=${key ?? encodeURIComponent(text)}`);
}

/** Where the person was before signing in; the hub's redirect leads to `/`. */
export function returnAddress(): string | null {
  const address = sessionStorage.getItem(RETURN_KEY);
  sessionStorage.removeItem(RETURN_KEY);
  return address?.startsWith('/') && !address.startsWith('//') ? address : null;
}
