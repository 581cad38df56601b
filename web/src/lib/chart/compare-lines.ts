// Several runs in one chart: their curves over the steps of all, and what is under the cursor.

import type { Bucket } from '../live/series-buffer';
import type { Frame } from './frame';

/** How a run is told from the others: one of eight hues, and beyond eight runs by its dashes, too. */
export interface LineStyle {
  hue: number;
  dash: readonly number[];
}

const HUES = 8;
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3]];

/** By the place of a run in the comparison, so that no other run's coming, going or hiding changes it. */
export function lineStyle(place: number): LineStyle {
  return { hue: (place % HUES) + 1, dash: DASHES[Math.floor(place / HUES) % DASHES.length]! };
}

export interface CompareLine {
  run: string;
  place: number;
  frame: Frame;
}

/** The values of every line over one axis. `undefined` is "not at this step", which a line goes over; null is a gap. */
export function joined(lines: readonly CompareLine[]): { x: number[]; y: (number | null | undefined)[][] } {
  const steps = new Set<number>();
  for (const { frame } of lines) for (const x of frame.x) steps.add(x);
  const x = [...steps].sort((a, b) => a - b);
  const at = new Map(x.map((step, i) => [step, i]));
  const y = lines.map(({ frame }) => {
    const values = new Array<number | null | undefined>(x.length).fill(undefined);
    const drawn = frame.smooth ?? frame.y;
    for (let i = 0; i < frame.x.length; i++) {
      const index = at.get(frame.x[i]!)!;
      // A run resumed at its own step may have two buckets around one middle: the one with a value counts.
      values[index] = drawn[i] ?? values[index] ?? null;
    }
    return values;
  });
  return { x, y };
}

/** The index of the value in `x`, which ascends, that is nearest; -1 where there is none. */
export function nearest(x: readonly number[], to: number): number {
  let low = 0;
  let high = x.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < to) low = middle + 1;
    else high = middle;
  }
  return low > 0 && to - x[low - 1]! <= x[low]! - to ? low - 1 : low;
}

export interface Reading {
  line: CompareLine;
  bucket: Bucket;
  /** Smoothed, if the chart is. */
  drawn: number | null;
  value: number | null;
}

/** What each line says at a step: its nearest point, but none where it does not reach, by half a screen's hundredth. */
export function readings(lines: readonly CompareLine[], step: number, tolerance: number): Reading[] {
  return lines.flatMap((line) => {
    const { frame } = line;
    const at = nearest(frame.x, step);
    const bucket = frame.buckets[at];
    if (!bucket || Math.max(bucket.firstStep - step, step - bucket.lastStep) > Math.max(tolerance, gapAround(frame.x, at))) return [];
    return [{ line, bucket, drawn: (frame.smooth ?? frame.y)[at] ?? null, value: frame.y[at] ?? null }];
  });
}

/** A point speaks for the steps up to halfway to its neighbours. */
function gapAround(x: readonly number[], at: number): number {
  const [before, here, after] = [x[at - 1], x[at]!, x[at + 1]];
  return Math.max(before === undefined ? 0 : here - before, after === undefined ? 0 : after - here) / 2;
}

/** From the smallest to the largest drawable value of all lines between two steps. */
export function valueRange(lines: readonly CompareLine[], from: number, to: number): [number | null, number | null] {
  let min = Infinity;
  let max = -Infinity;
  for (const { frame } of lines) {
    for (let i = 0; i < frame.x.length; i++) {
      if (frame.x[i]! < from || frame.x[i]! > to) continue;
      min = Math.min(min, frame.low[i] ?? Infinity);
      max = Math.max(max, frame.high[i] ?? -Infinity);
    }
  }
  return min > max ? [null, null] : [min, max];
}
