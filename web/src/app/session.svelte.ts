// What every page shares: the API, the live feed with its state, what the hub says of itself, and the clock.

import { Api } from '../lib/api/client';
import { ApiError, messageOf } from '../lib/api/errors';
import type { Hub } from '../lib/api/model';
import { Live } from '../lib/live/live';
import type { FeedState } from '../lib/live/feed';
import type { LiveHub } from '../lib/live/events';

export const api = new Api();
export const live = new Live();

class Session {
  hub = $state<Hub | null>(null);
  load = $state<LiveHub | null>(null);
  feed = $state<FeedState>('connecting');
  /** Nothing may be read without the printed link. */
  locked = $state(false);
  error = $state<string | null>(null);
  /** The hub's clock, to the second; the browser's may be wrong. */
  now = $state(Date.now());
  private skew = 0;

  constructor() {
    live.listen((message) => {
      if (message.type === 'state') this.feed = message.state;
      else if (message.type === 'hub') this.load = message.hub;
      else if (message.type === 'gap') void this.refresh();
    });
    setInterval(() => {
      if (!document.hidden) this.now = Date.now() + this.skew;
    }, 1000);
    void this.refresh();
  }

  get mayLaunch(): boolean {
    return this.hub?.roles.includes('launch') ?? false;
  }

  async refresh(): Promise<void> {
    try {
      const hub = await api.hub();
      this.skew = Math.abs(hub.now - Date.now()) > 2000 ? hub.now - Date.now() : 0;
      this.hub = hub;
      this.load = hub;
      this.locked = false;
      this.error = null;
    } catch (error) {
      this.locked = error instanceof ApiError && error.status === 401;
      this.error = messageOf(error);
    }
  }
}

export const session = new Session();
