// Shares one Feed among the tabs of a browser: subscribes to the union of what they want and hands each its part. A tab that is not
// looked at gets nothing and, when it comes back, one `gap`.

import { Feed } from './feed';
import type { FeedEnvironment, FeedState, Subscription } from './feed';
import type { LiveEvent } from './events';

export type FromTab = { type: 'want'; want: Subscription; awake: boolean } | { type: 'bye' };
export type ToTab = { type: 'state'; state: FeedState } | LiveEvent;

interface Tab {
  post(message: ToTab): void;
  want: Subscription;
  awake: boolean;
}

export class Switchboard {
  private readonly tabs = new Set<Tab>();
  private readonly feed: Feed;
  private state: FeedState = 'idle';

  constructor(environment: FeedEnvironment) {
    this.feed = new Feed(
      environment,
      (event) => this.route(event),
      (state) => {
        this.state = state;
        this.each((tab) => tab.post({ type: 'state', state }));
      },
    );
  }

  /** Adds a tab; the answer takes what the tab says. */
  join(post: (message: ToTab) => void): (message: FromTab) => void {
    const tab: Tab = { post, want: { points: [], log: [] }, awake: false };
    this.tabs.add(tab);
    return (message) => {
      if (message.type === 'bye') this.tabs.delete(tab);
      else this.update(tab, message.want, message.awake);
      this.resubscribe();
    };
  }

  private update(tab: Tab, want: Subscription, awake: boolean): void {
    this.tabs.add(tab); // a page that came back from the back/forward cache had said bye
    const woke = awake && !tab.awake;
    Object.assign(tab, { want, awake });
    if (!woke) return;
    tab.post({ type: 'state', state: this.state });
    if (this.state === 'live') tab.post({ type: 'gap' });
  }

  private resubscribe(): void {
    const awake = [...this.tabs].filter((tab) => tab.awake);
    const union = (pick: (want: Subscription) => string[]) => [...new Set(awake.flatMap((tab) => pick(tab.want)))];
    this.feed.subscribe(awake.length ? { points: union((want) => want.points), log: union((want) => want.log) } : null);
  }

  private route(event: LiveEvent): void {
    this.each((tab) => {
      if (event.type === 'points' && !tab.want.points.includes(event.points.run)) return;
      if (event.type === 'exhibit' && !tab.want.points.includes(event.exhibit.run)) return;
      if (event.type === 'log' && !tab.want.log.includes(event.log.run)) return;
      tab.post(event);
    });
  }

  private each(act: (tab: Tab) => void): void {
    for (const tab of this.tabs) if (tab.awake) act(tab);
  }
}

/** The environment of a page or of a worker. */
export const browserEnvironment: FeedEnvironment = {
  open: (url) => new EventSource(url),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
