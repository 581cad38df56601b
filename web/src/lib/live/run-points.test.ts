import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunPoints } from './run-points';
import type { PointsRequest } from '../api/client';
import type { Points } from '../api/model';
import type { LivePoints } from './events';

/** A store in memory: a step is worth itself. */
class Store {
  steps = [1, 2, 3];
  version = 3;
  requests: PointsRequest[] = [];
  fail = false;

  points = async (run: string, request: PointsRequest): Promise<Points> => {
    this.requests.push(request);
    const { from = -Infinity, to = Infinity } = request;
    const answer = { run, version: this.version, series: request.names.map((name) => this.series(name, from, to)) };
    await new Promise((done) => setTimeout(done, 10));
    if (this.fail) throw new Error('away');
    return answer;
  };

  log(step: number): LivePoints {
    this.steps.push(step);
    const previous = this.version++;
    return { run: 'r', attempt: 1, previous, version: this.version, skipped: null, series: [{ name: 'a', steps: [step], times: [step], values: [step] }] };
  }

  private series(name: string, from: number, to: number) {
    const steps = this.steps.filter((step) => step >= from && step <= to);
    return { name, raw: true as const, count: steps.length, steps, times: steps, values: steps };
  }
}

describe('RunPoints', () => {
  let store: Store;
  let points: RunPoints;
  const shown = () => points.buffer('a')!.entries.map((bucket) => bucket.firstStep);

  beforeEach(() => {
    vi.useFakeTimers();
    store = new Store();
    points = new RunPoints('r', store);
  });
  afterEach(() => vi.useRealTimers());

  it('reads what is in sight, once for all charts', async () => {
    const changed = vi.fn();
    points.watch('a', changed);
    points.watch('b', () => {});
    await vi.advanceTimersByTimeAsync(50);
    expect(store.requests.map((request) => request.names)).toEqual([['a', 'b']]);
    expect(shown()).toEqual([1, 2, 3]);
    expect(changed).toHaveBeenCalled();
  });

  it('loses and repeats nothing that arrives while it reads', async () => {
    points.watch('a', () => {});
    await vi.advanceTimersByTimeAsync(5); // the answer, of version 3, is under way
    points.add(store.log(4));
    points.add(store.log(5));
    await vi.advanceTimersByTimeAsync(50);
    points.add(store.log(6));
    expect(shown()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(store.requests).toHaveLength(1);
  });

  it('reads again after a missed event, and no more often than it should', async () => {
    points.watch('a', () => {});
    await vi.advanceTimersByTimeAsync(50);
    store.log(4); // never delivered
    points.add(store.log(5));
    store.log(6);
    points.add(store.log(7));
    expect(shown()).toEqual([1, 2, 3, 5, 7]);
    await vi.advanceTimersByTimeAsync(300);
    expect(store.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(store.requests).toHaveLength(2);
    expect(shown()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('shows the coarse points of a zoom until the fine ones are there, and goes back at once', async () => {
    points.watch('a', () => {});
    await vi.advanceTimersByTimeAsync(50);
    points.zoom({ from: 2, to: 3 });
    expect(shown()).toEqual([1, 2, 3]);
    await vi.advanceTimersByTimeAsync(500);
    expect(shown()).toEqual([2, 3]);
    expect(store.requests[1]).toMatchObject({ from: 2, to: 3 });
    points.add(store.log(4));
    expect(shown()).toEqual([2, 3]);
    points.zoom(null);
    expect(shown()).toEqual([1, 2, 3, 4]);
  });

  it('reads afresh when a new attempt begins', async () => {
    points.watch('a', () => {});
    await vi.advanceTimersByTimeAsync(50);
    points.add(store.log(4));
    store.steps = [1, 2];
    points.add({ ...store.log(3), attempt: 2 });
    await vi.advanceTimersByTimeAsync(500);
    expect(shown()).toEqual([1, 2, 3]);
  });

  it('says when the store does not answer, and tries again', async () => {
    const errors: unknown[] = [];
    points = new RunPoints('r', store, (error) => errors.push(error));
    store.fail = true;
    points.watch('a', () => {});
    await vi.advanceTimersByTimeAsync(50);
    expect(errors).toHaveLength(1);
    store.fail = false;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(errors.at(-1)).toBeNull();
    expect(shown()).toEqual([1, 2, 3]);
  });
});
