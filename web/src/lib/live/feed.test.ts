import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Switchboard } from './switchboard';
import type { ToTab } from './switchboard';
import type { EventSourceLike } from './feed';

class FakeSource implements EventSourceLike {
  readyState = 0;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly url: string) {}
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(type, listener);
  }
  close() {
    this.readyState = 2;
  }
  emit(type: string, data: object = {}, lastEventId = '') {
    this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId } as MessageEvent<string>);
  }
  hello(resumed = false) {
    this.readyState = 1;
    this.emit('hello', { instance: 'x', cursor: 'c', resumed });
  }
  fail(readyState: number) {
    this.readyState = readyState;
    this.emit('error');
  }
}

class Clock {
  now = 0;
  private timers: { at: number; run: () => void }[] = [];
  after = (ms: number, run: () => void) => {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  };
  advance(ms: number) {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}

const points = (run: string) => ({ run, version: 2, previous: 1, attempt: 1, series: [{ name: 'train/loss', steps: [1], times: [1], values: ['NaN'] }] });

describe('the live feed', () => {
  let sources: FakeSource[];
  let clock: Clock;
  let board: Switchboard;
  const last = () => sources[sources.length - 1]!;

  const tab = (...runs: string[]) => {
    const got: ToTab[] = [];
    const tell = board.join((message) => got.push(message));
    const want = (awake: boolean, points = runs) => tell({ type: 'want', want: { points, log: [] }, awake });
    want(true);
    return { got, want, tell, types: () => got.map((message) => (message.type === 'state' ? message.state : message.type)) };
  };

  beforeEach(() => {
    sources = [];
    clock = new Clock();
    board = new Switchboard({
      open: (url) => {
        const source = new FakeSource(url);
        sources.push(source);
        return source;
      },
      after: clock.after,
      random: () => 0.5,
    });
  });

  it('opens one connection for the union of what the tabs want', () => {
    tab('bb');
    tab('aa', 'bb');
    clock.advance(100);
    expect(sources.map((source) => source.url)).toEqual(['/api/v1/live?points=aa,bb']);
  });

  it('hands each tab only the points that it asked for, with NaN intact', () => {
    const one = tab('aa');
    const two = tab('bb');
    clock.advance(100);
    last().hello(true);
    last().emit('points', points('bb'));
    expect(one.types()).toEqual(['idle', 'connecting', 'live']);
    expect(two.types()).toEqual(['idle', 'connecting', 'live', 'points']);
    expect(two.got[3]).toMatchObject({ points: { series: [{ values: [NaN] }] } });
  });

  it('goes on from the last event when another run is wanted', () => {
    const one = tab('aa');
    clock.advance(100);
    last().hello(false);
    last().emit('ping', {}, 'x-41');
    one.want(true, ['aa', 'bb']);
    clock.advance(100);
    expect(last().url).toBe('/api/v1/live?points=aa,bb&cursor=x-41');
    one.want(true, []);
    clock.advance(100);
    expect(last().url).toBe('/api/v1/live?cursor=x-41');
  });

  it('announces a gap when the connection could not be resumed', () => {
    const one = tab('aa');
    clock.advance(100);
    last().hello(false);
    expect(one.types()).toEqual(['idle', 'connecting', 'live', 'gap']);
  });

  it('reconnects with growing, jittered pauses after the browser gave up', () => {
    tab('aa');
    clock.advance(100);
    last().fail(2);
    clock.advance(499);
    expect(sources).toHaveLength(1);
    clock.advance(1);
    expect(sources).toHaveLength(2);
    last().fail(2);
    clock.advance(999);
    expect(sources).toHaveLength(2);
    clock.advance(1);
    expect(sources).toHaveLength(3);
    last().hello();
    last().fail(2);
    clock.advance(500);
    expect(sources).toHaveLength(4);
  });

  it('leaves the retry to the browser while the browser retries', () => {
    const one = tab('aa');
    clock.advance(100);
    last().hello();
    last().fail(0);
    clock.advance(5_000);
    expect(sources).toHaveLength(1);
    expect(one.types().at(-1)).toBe('reconnecting');
    last().hello(true);
    expect(one.types().at(-1)).toBe('live');
  });

  it('replaces a connection that has been silent for longer than the pings allow', () => {
    const one = tab('aa');
    clock.advance(100);
    last().hello();
    clock.advance(20_000);
    last().emit('ping');
    clock.advance(20_000);
    expect(sources).toHaveLength(1);
    clock.advance(6_000);
    expect(sources).toHaveLength(2);
    expect(one.types().at(-1)).toBe('reconnecting');
  });

  it('costs nothing while hidden, and catches up when shown', () => {
    const hidden = tab('aa');
    const shown = tab();
    clock.advance(100);
    last().hello(true);
    hidden.want(false);
    clock.advance(100);
    expect(last().url).toBe('/api/v1/live');
    last().hello(true);
    last().emit('points', points('aa'));
    expect(hidden.types()).not.toContain('points');
    hidden.want(true);
    expect(hidden.types().at(-1)).toBe('gap');
    shown.tell({ type: 'bye' });
    hidden.want(false);
    clock.advance(100);
    expect(last().readyState).toBe(2);
  });

  it('asks for a fresh read when an event makes no sense', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const one = tab('aa');
    clock.advance(100);
    last().hello(true);
    last().emit('points', { run: 7 });
    expect(one.types().at(-1)).toBe('gap');
    expect(warned).toHaveBeenCalledOnce();
  });
});
