import { describe, expect, it } from 'vitest';
import { finiteCount, meanOf, SeriesBuffer } from './series-buffer';
import type { LivePoints } from './events';
import type { RawSeries } from '../api/model';

const raw = (steps: number[], values: number[]): RawSeries => ({ name: 'a', raw: true, count: steps.length, steps, times: steps, values });
const live = (previous: number, version: number, steps: number[], values: number[], name = 'a'): LivePoints => ({
  run: 'r',
  attempt: 1,
  previous,
  version,
  skipped: null,
  series: [{ name, steps, times: steps, values }],
});
const steps = (buffer: SeriesBuffer) => buffer.entries.map((bucket) => bucket.firstStep);

describe('SeriesBuffer', () => {
  it('appends live points to what the store answered', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1, 2], [5, 4]), 7);
    expect(buffer.apply(live(7, 8, [3], [3]))).toBe(true);
    expect(steps(buffer)).toEqual([1, 2, 3]);
    expect(buffer.version).toBe(8);
  });

  it('drops what the store had already told', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1, 2, 3], [5, 4, 3]), 8);
    expect(buffer.apply(live(7, 8, [3], [3]))).toBe(true);
    expect(steps(buffer)).toEqual([1, 2, 3]);
  });

  it('says when something was missed, and keeps saying so until it is read', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1], [5]), 7);
    expect(buffer.apply(live(9, 10, [4], [3]))).toBe(false);
    expect(buffer.apply(live(10, 11, [5], [3]))).toBe(false);
    expect(steps(buffer)).toEqual([1, 4, 5]);
    buffer.load(raw([1, 2, 3, 4, 5], [5, 4, 4, 3, 3]), 11);
    expect(buffer.apply(live(11, 12, [6], [3]))).toBe(true);
  });

  it('treats skipped points as missed', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1], [5]), 7);
    expect(buffer.apply({ run: 'r', attempt: null, previous: null, version: 9, skipped: 5000, series: null })).toBe(false);
  });

  it('goes on when the points were those of another series', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1], [5]), 7);
    expect(buffer.apply(live(7, 8, [2], [1], 'b'))).toBe(true);
    expect(buffer.apply(live(8, 9, [2], [1]))).toBe(true);
    expect(steps(buffer)).toEqual([1, 2]);
  });

  it('takes steps in any order, negative and repeated ones', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([5], [1]), 1);
    buffer.apply(live(1, 2, [9, -3, 7, 5, 5], [2, 3, 4, 6, 8]));
    expect(steps(buffer)).toEqual([-3, 5, 5, 5, 7, 9]);
    expect(buffer.entries.map((bucket) => bucket.last)).toEqual([3, 1, 6, 8, 4, 2]);
  });

  it('merges a late point into the bucket that covers it', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(
      {
        name: 'a',
        raw: false,
        count: 20,
        buckets: { first_step: [1], last_step: [20], first_time: [1], last_time: [20], count: [20], min: [1], max: [2], mean: [1.5], first: [1], last: [2], nan: [0], pos_inf: [0], neg_inf: [0] },
      },
      1,
    );
    buffer.apply(live(1, 2, [10, 11], [9, NaN]));
    const [bucket] = buffer.entries;
    expect(bucket).toMatchObject({ count: 22, min: 1, max: 9, nan: 1, first: 1, last: 2 });
    expect(meanOf(bucket!)).toBeCloseTo((1.5 * 20 + 9) / 21);
  });

  it('keeps to its range', () => {
    const buffer = new SeriesBuffer('a', { from: 10, to: 20 });
    buffer.load(raw([], []), 1);
    buffer.apply(live(1, 2, [9, 10, 20, 21], [1, 2, 3, 4]));
    expect(steps(buffer)).toEqual([10, 20]);
  });

  it('stays bounded without losing a count or an extreme', () => {
    const buffer = new SeriesBuffer('a', null, 100);
    buffer.load(raw([], []), 0);
    let version = 0;
    let total = 0;
    for (let step = 1; step <= 50_000; step += 50) {
      const batch = Array.from({ length: 50 }, (_, i) => step + i);
      const values = batch.map((s) => (s === 31_415 ? 1e9 : s === 27_182 ? -1e9 : s === 16_180 ? NaN : s === 14_142 ? Infinity : Math.sin(s)));
      total += values.filter(Number.isFinite).reduce((sum, v) => sum + v, 0);
      buffer.apply(live(version, ++version, batch, values));
      expect(buffer.entries.length).toBeLessThanOrEqual(100);
    }
    const all = buffer.entries;
    expect(all.reduce((n, bucket) => n + bucket.count, 0)).toBe(50_000);
    expect(all.reduce((n, bucket) => n + finiteCount(bucket), 0)).toBe(49_998);
    expect(Math.max(...all.map((bucket) => bucket.max))).toBe(1e9);
    expect(Math.min(...all.map((bucket) => bucket.min))).toBe(-1e9);
    expect(all.reduce((sum, bucket) => sum + bucket.sum, 0)).toBeCloseTo(total, 4);
    expect(all[0]!.firstStep).toBe(1);
    expect(all.at(-1)!.lastStep).toBe(50_000);
    for (let i = 1; i < all.length; i++) expect(all[i]!.firstStep).toBeGreaterThan(all[i - 1]!.lastStep);
    const widest = Math.max(...all.map((bucket) => bucket.lastStep - bucket.firstStep + 1));
    expect(widest).toBeLessThanOrEqual(50_000 / 25);
  });

  it('fills buckets as wide as those of the store with live points', () => {
    const buffer = new SeriesBuffer('a', null);
    const ten = [10, 10];
    const column = (first: number, second: number) => [first, second];
    buffer.load({ name: 'a', raw: false, count: 20, buckets: { first_step: column(1, 11), last_step: column(10, 20), first_time: ten, last_time: ten, count: ten, min: ten, max: ten, mean: ten, first: ten, last: ten, nan: column(0, 0), pos_inf: column(0, 0), neg_inf: column(0, 0) } }, 1);
    for (let step = 21; step <= 45; step++) buffer.apply(live(step - 20, step - 19, [step], [step]));
    expect(buffer.entries.map((bucket) => [bucket.firstStep, bucket.lastStep, bucket.count])).toEqual([[1, 10, 10], [11, 20, 10], [21, 30, 10], [31, 40, 10], [41, 45, 5]]);
  });

  it('has no mean where nothing is finite', () => {
    const buffer = new SeriesBuffer('a', null);
    buffer.load(raw([1], [NaN]), 1);
    expect(meanOf(buffer.entries[0]!)).toBeNull();
  });
});
