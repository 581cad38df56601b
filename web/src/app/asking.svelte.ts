// A question to a run's model: one at a time, with its state and what went wrong with the last.

import { ApiError, messageOf } from '../lib/api/errors';
import type { FieldError } from '../lib/api/errors';
import { access } from './access.svelte';
import { session } from './session.svelte';

export class Asking {
  waiting = $state(false);
  error = $state<string | null>(null);
  fields = $state.raw<FieldError[]>([]);

  /** Undefined when there is no answer: the error says why, or the key is asked for. */
  async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (this.waiting) return undefined;
    this.forget();
    if (!session.mayLaunch) {
      access.ask();
      return undefined;
    }
    this.waiting = true;
    try {
      return await question();
    } catch (cause) {
      if (cause instanceof ApiError && cause.needsAccess) access.ask();
      else {
        this.error = messageOf(cause);
        this.fields = cause instanceof ApiError ? cause.fields : [];
      }
      return undefined;
    } finally {
      this.waiting = false;
    }
  }

  forget(): void {
    this.error = null;
    this.fields = [];
  }
}
