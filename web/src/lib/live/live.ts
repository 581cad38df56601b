// A tab's end of the live feed: listeners, what they want, and sleep while the tab is hidden.

import { browserEnvironment, Switchboard } from './switchboard';
import type { FromTab, ToTab } from './switchboard';

type Listener = (message: ToTab) => void;

const SLEEP_AFTER_MS = 1_000; // switching tabs back and forth should not reconnect

export class Live {
  private readonly listeners = new Set<Listener>();
  private readonly points = new Counter();
  private readonly logs = new Counter();
  private readonly tell: (message: FromTab) => void;
  private awake = !document.hidden;
  private sleep: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.tell = connect((message) => {
      for (const listener of [...this.listeners]) listener(message);
    });
    document.addEventListener('visibilitychange', () => {
      clearTimeout(this.sleep);
      if (!document.hidden) this.wake(true);
      else this.sleep = setTimeout(() => this.wake(false), SLEEP_AFTER_MS);
    });
    addEventListener('pagehide', () => this.tell({ type: 'bye' }));
    addEventListener('pageshow', (event) => event.persisted && this.say());
    this.say();
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  wantPoints(run: string): () => void {
    return this.want(this.points, run);
  }

  wantLog(run: string): () => void {
    return this.want(this.logs, run);
  }

  private want(counter: Counter, run: string): () => void {
    counter.add(run, 1);
    this.say();
    return () => {
      counter.add(run, -1);
      this.say();
    };
  }

  private wake(awake: boolean): void {
    if (awake === this.awake) return;
    this.awake = awake;
    this.say();
  }

  private say(): void {
    this.tell({ type: 'want', want: { points: this.points.keys(), log: this.logs.keys() }, awake: this.awake });
  }
}

/** Prefers the worker that all tabs share; a browser without one gets a connection of its own. */
function connect(receive: Listener): (message: FromTab) => void {
  if (typeof SharedWorker === 'undefined') return new Switchboard(browserEnvironment).join(receive);
  const worker = new SharedWorker(new URL('./shared.worker.ts', import.meta.url), { type: 'module', name: 'trainyard-live' });
  worker.port.onmessage = (event: MessageEvent<ToTab>) => receive(event.data);
  let tell = (message: FromTab) => worker.port.postMessage(message);
  let last: FromTab | null = null;
  worker.onerror = () => {
    tell = new Switchboard(browserEnvironment).join(receive);
    if (last) tell(last);
  };
  return (message) => {
    last = message;
    tell(message);
  };
}

class Counter {
  private readonly counts = new Map<string, number>();

  add(key: string, by: number): void {
    const count = (this.counts.get(key) ?? 0) + by;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }

  keys(): string[] {
    return [...this.counts.keys()];
  }
}
