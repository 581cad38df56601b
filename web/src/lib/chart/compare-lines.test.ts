import { describe, expect, it } from 'vitest';
import { SeriesBuffer } from '../live/series-buffer';
import { joined, lineStyle, nearest, readings, valueRange } from './compare-lines';
import type { CompareLine } from './compare-lines';
import { buildFrame } from './frame';

function line(place: number, steps: number[], values: number[]): CompareLine {
  const buffer = new SeriesBuffer('loss', null);
  buffer.load({ name: 'loss', raw: true, count: steps.length, steps, times: steps, values }, 1);
  return { run: `r${place}`, place, frame: buildFrame(buffer.entries, { smoothing: 0, logY: false }) };
}

describe('several runs in one chart', () => {
  const a = line(0, [1, 2, 4], [9, NaN, 5]);
  const b = line(1, [2, 3], [7, 6]);

  it('stand over the steps of all; a run that has no point at a step is not a gap, NaN is', () => {
    expect(joined([a, b])).toEqual({ x: [1, 2, 3, 4], y: [[9, null, undefined, 5], [undefined, 7, 6, undefined]] });
    expect(joined([])).toEqual({ x: [], y: [] });
  });

  it('each say their nearest point, unless they have long ended', () => {
    const long = line(2, [1, 1000], [1, 2]);
    expect(readings([a, b], 3, 0).map(({ line, bucket }) => [line.run, bucket.firstStep])).toEqual([['r0', 2], ['r1', 3]]);
    expect(readings([a, b, long], 900, 10).map(({ line }) => line.run)).toEqual(['r2']);
    expect(readings([line(3, [], [])], 1, 1)).toEqual([]);
  });

  it('share the range of the values in sight', () => {
    expect(valueRange([a, b], 1, 4)).toEqual([5, 9]);
    expect(valueRange([a, b], 2, 3)).toEqual([6, 7]);
    expect(valueRange([a], 2, 3)).toEqual([null, null]);
  });

  it('differ in hue or in dashes, up to twenty-four', () => {
    const looks = Array.from({ length: 24 }, (_, place) => JSON.stringify(lineStyle(place)));
    expect(new Set(looks).size).toBe(24);
    expect(looks.slice(0, 8).every((look) => look.endsWith('[]}'))).toBe(true);
  });
});

it('finds the nearest', () => {
  expect([0, 2, 3, 6.9, 7.1, 99].map((to) => nearest([2, 4, 10], to))).toEqual([0, 0, 0, 1, 2, 2]);
  expect(nearest([], 1)).toBe(-1);
});
