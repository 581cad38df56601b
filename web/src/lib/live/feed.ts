// One EventSource that stays up: it follows a changing set of subscriptions, reopens itself with jittered backoff, and notices a
// connection that died silently. It knows no DOM, so it runs in a SharedWorker, in a page, and in tests alike.

import { decodeEvent, EVENT_NAMES } from './events';
import type { EventName, LiveEvent } from './events';

export interface Subscription {
  /** Runs whose points are wanted. */
  points: string[];
  /** Runs whose log is wanted. */
  log: string[];
}

export type FeedState = 'idle' | 'connecting' | 'live' | 'reconnecting';

export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface FeedEnvironment {
  open(url: string): EventSourceLike;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

const CLOSED = 2;
const SETTLE_MS = 30; // several components subscribe in one go; one connection serves them all
const SILENCE_MS = 25_000; // the hub pings every 10 s
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

export class Feed {
  private source: EventSourceLike | null = null;
  private url: string | null = null;
  private wanted: string | null = null;
  /** The last event that arrived; a new connection goes on from there. */
  private cursor = '';
  private failures = 0;
  private cancelSettle = () => {};
  private cancelRetry = () => {};
  private cancelWatch = () => {};
  private state: FeedState = 'idle';

  constructor(
    private readonly environment: FeedEnvironment,
    private readonly onEvent: (event: LiveEvent) => void,
    private readonly onState: (state: FeedState) => void,
  ) {}

  /** `null` means that nobody is looking: the connection is closed. */
  subscribe(subscription: Subscription | null): void {
    this.wanted = subscription && feedUrl(subscription);
    this.cancelSettle();
    this.cancelSettle = this.environment.after(SETTLE_MS, () => {
      if (this.wanted !== this.url) this.reopen();
    });
  }

  private reopen(): void {
    this.disconnect();
    this.url = this.wanted;
    if (this.url === null) {
      this.failures = 0;
      this.enter('idle');
      return;
    }
    if (this.state === 'idle') this.enter('connecting');
    const source = this.environment.open(this.cursor ? withCursor(this.url, this.cursor) : this.url);
    this.source = source;
    for (const name of EVENT_NAMES) source.addEventListener(name, (event) => this.source === source && this.receive(name, event));
    source.addEventListener('error', () => this.source === source && this.failed());
    this.watch();
  }

  private receive(name: EventName, { data, lastEventId }: MessageEvent<string>): void {
    this.failures = 0;
    if (lastEventId) this.cursor = lastEventId;
    this.watch();
    this.enter('live');
    let event: LiveEvent | null;
    try {
      event = decodeEvent(name, data);
    } catch (cause) {
      console.warn(`Live event "${name}" was not understood; reading from the store instead.`, cause);
      event = { type: 'gap' };
    }
    if (event) this.onEvent(event);
  }

  private failed(): void {
    this.enter('reconnecting');
    // While CONNECTING the browser retries by itself, with Last-Event-ID; CLOSED means that it gave up.
    if (this.source?.readyState === CLOSED) this.retry();
  }

  private retry(): void {
    this.disconnect();
    const backoff = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    this.cancelRetry = this.environment.after(backoff * (0.5 + this.environment.random()), () => this.reopen());
  }

  private watch(): void {
    this.cancelWatch();
    this.cancelWatch = this.environment.after(SILENCE_MS, () => {
      this.enter('reconnecting');
      this.retry();
    });
  }

  private disconnect(): void {
    this.cancelRetry();
    this.cancelWatch();
    this.source?.close();
    this.source = null;
  }

  private enter(state: FeedState): void {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}

function withCursor(url: string, cursor: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

function feedUrl({ points, log }: Subscription): string {
  const query = [points.length ? `points=${[...points].sort().join(',')}` : '', log.length ? `log=${[...log].sort().join(',')}` : ''];
  const text = query.filter(Boolean).join('&');
  return '/api/v1/live' + (text && `?${text}`);
}
