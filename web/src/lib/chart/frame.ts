// From the buckets of a series to what a chart draws.

import { finiteCount, meanOf } from '../live/series-buffer';
import type { Bucket } from '../live/series-buffer';
import { exact, plural, short, whole } from '../format/number';
import { ema } from './smooth';

export type MarkKind = 'nan' | 'posInf' | 'negInf';

export interface Mark {
  x: number;
  kind: MarkKind;
}

export interface Frame {
  buckets: readonly Bucket[];
  x: number[];
  /** The value of a point, or the mean of a bucket; null where there is none to draw. */
  y: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** Null when smoothing is off. */
  smooth: (number | null)[] | null;
  marks: Mark[];
  /** Some bucket holds more than one point, so there is an envelope to draw. */
  banded: boolean;
  /** Points that a logarithmic axis cannot show. */
  notPositive: number;
}

export interface FrameOptions {
  smoothing: number;
  logY: boolean;
}

export function buildFrame(buckets: readonly Bucket[], { smoothing, logY }: FrameOptions): Frame {
  const frame: Frame = { buckets, x: [], y: [], low: [], high: [], smooth: null, marks: [], banded: false, notPositive: 0 };
  const drawable = (value: number) => (logY && value <= 0 ? null : value);
  for (const bucket of buckets) {
    const x = (bucket.firstStep + bucket.lastStep) / 2;
    const mean = meanOf(bucket);
    const y = mean === null ? null : drawable(mean);
    frame.x.push(x);
    frame.y.push(y);
    frame.low.push(y === null ? null : (drawable(bucket.min) ?? y));
    frame.high.push(mean === null ? null : drawable(bucket.max));
    if (bucket.count > 1) frame.banded = true;
    if (logY && mean !== null && bucket.min <= 0) frame.notPositive++;
    if (bucket.nan) frame.marks.push({ x, kind: 'nan' });
    if (bucket.posInf) frame.marks.push({ x, kind: 'posInf' });
    if (bucket.negInf) frame.marks.push({ x, kind: 'negInf' });
  }
  if (smoothing > 0) {
    const samples = buckets.map((bucket, i) => ({ x: frame.x[i]!, y: meanOf(bucket), weight: finiteCount(bucket) }));
    frame.smooth = ema(samples, smoothing).map((value) => (value === null ? null : drawable(value)));
  }
  return frame;
}

/** The curve in a sentence, for those who cannot see it. */
export function summarize(name: string, buckets: readonly Bucket[]): string {
  const first = buckets[0];
  const last = buckets[buckets.length - 1];
  if (!first || !last) return `${name}: no points yet.`;
  const sum = (pick: (bucket: Bucket) => number) => buckets.reduce((total, bucket) => total + pick(bucket), 0);
  const low = buckets.reduce((best, bucket) => (bucket.min < best.min ? bucket : best), first);
  const high = buckets.reduce((best, bucket) => (bucket.max > best.max ? bucket : best), first);
  const odd = [
    [sum((bucket) => bucket.nan), 'NaN'],
    [sum((bucket) => bucket.posInf), '+Infinity'],
    [sum((bucket) => bucket.negInf), '-Infinity'],
  ].filter(([count]) => count);
  const parts = [`${plural(sum((bucket) => bucket.count), 'point')} from step ${whole(first.firstStep)} to ${whole(last.lastStep)}`, `last ${short(last.last)}`];
  if (Number.isFinite(low.min)) parts.push(`smallest ${short(low.min)} near step ${whole(low.firstStep)}`, `largest ${short(high.max)} near step ${whole(high.firstStep)}`);
  for (const [count, kind] of odd) parts.push(`${count} ${kind}`);
  return `${name}: ${parts.join(', ')}.`;
}

/** One position of the cursor in words and exact figures. */
export function describeBucket(bucket: Bucket): { title: string; rows: [string, string][] } {
  if (bucket.count === 1) return { title: `Step ${whole(bucket.firstStep)}`, rows: [['value', exact(bucket.last)]] };
  const mean = meanOf(bucket);
  const rows: [string, string][] = [];
  if (mean !== null) rows.push(['mean', short(mean)], ['min', exact(bucket.min)], ['max', exact(bucket.max)]);
  rows.push(['first', exact(bucket.first)], ['last', exact(bucket.last)]);
  if (bucket.nan) rows.push(['NaN', whole(bucket.nan)]);
  if (bucket.posInf) rows.push(['+∞', whole(bucket.posInf)]);
  if (bucket.negInf) rows.push(['−∞', whole(bucket.negInf)]);
  return { title: `${plural(bucket.count, 'point')}, steps ${whole(bucket.firstStep)} – ${whole(bucket.lastStep)}`, rows };
}
