import { describe, expect, it } from 'vitest';
import { ema } from './smooth';
import type { Sample } from './smooth';

const samples = (values: (number | null)[]): Sample[] => values.map((y, i) => ({ x: i, y, weight: 1 }));

describe('smoothing', () => {
  it('is off at 0', () => {
    expect(ema(samples([1, 5, 2]), 0)).toEqual([1, 5, 2]);
  });

  it('is the debiased exponential average for evenly spaced points', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    let sum = 0;
    const expected = values.map((value, i) => {
      sum = sum * 0.9 + value * 0.1;
      return sum / (1 - 0.9 ** (i + 1));
    });
    ema(samples(values), 0.9).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
  });

  it('leaves a constant alone, and gaps empty', () => {
    expect(ema(samples([2, null, 2, 2]), 0.99)).toEqual([2, null, 2, 2]);
  });

  it('gives nearly the same curve for buckets as for the points in them', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i / 100) + (i % 7) / 10);
    const fine = ema(samples(values), 0.99);
    const buckets = Array.from({ length: 100 }, (_, b) => {
      const part = values.slice(b * 10, b * 10 + 10);
      return { x: b * 10 + 9, y: part.reduce((sum, v) => sum + v, 0) / 10, weight: 10 };
    });
    const coarse = ema(buckets, 0.99);
    for (let b = 20; b < 100; b++) expect(Math.abs(coarse[b]! - fine[b * 10 + 9]!)).toBeLessThan(0.01);
  });
});
