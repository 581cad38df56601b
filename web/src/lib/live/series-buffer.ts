// The points of one series as a chart needs them: exact buckets in order of step, few enough to draw.
//
// A bucket with one point is that point. Live points go to the end, into the bucket that covers their step, or between two
// buckets; when there are more buckets than `limit`, neighbours are merged. Merging adds counts and keeps the smallest and the largest
// value, so a spike of one point stays visible at any zoom. Nothing here is sampled or interpolated.

import type { Series } from '../api/model';
import type { LivePoints } from './events';

export interface Bucket {
  firstStep: number;
  lastStep: number;
  firstTime: number;
  lastTime: number;
  count: number;
  /** Over the finite values; Infinity and -Infinity when there are none. */
  min: number;
  max: number;
  sum: number;
  first: number;
  last: number;
  nan: number;
  posInf: number;
  negInf: number;
}

export interface StepRange {
  from: number;
  to: number;
}

export class SeriesBuffer {
  /** The version of the run that these buckets show; -1 before anything was read. */
  version = -1;
  /** Grows with every change, so that a chart knows whether to draw. */
  revision = 0;
  private buckets: Bucket[] = [];
  /** How many steps a bucket may span; live points fill the last one up to this, so that the curve looks alike all along. */
  private span = 1;

  constructor(
    readonly name: string,
    readonly range: StepRange | null,
    private readonly limit = 4000,
  ) {}

  get entries(): readonly Bucket[] {
    return this.buckets;
  }

  /** Replaces everything by what the store answered for `version`. */
  load(series: Series | undefined, version: number): void {
    this.buckets = series ? fromSeries(series) : [];
    this.span = series?.raw === false ? averageSpan(this.buckets) : 1;
    this.version = version;
    this.revision++;
    this.coarsen();
  }

  /** Adds live points. Answers false if points in between were missed and the store must be read. */
  apply(event: LivePoints): boolean {
    if (event.version <= this.version) return true;
    const complete = event.series !== null && event.previous !== null && event.previous <= this.version;
    const own = event.series?.find((series) => series.name === this.name);
    if (own) {
      for (let i = 0; i < own.steps.length; i++) this.insert(own.steps[i]!, own.times[i]!, own.values[i]!);
      this.revision++;
      this.coarsen();
    }
    if (complete) this.version = event.version;
    return complete;
  }

  private insert(step: number, time: number, value: number): void {
    if (this.range && (step < this.range.from || step > this.range.to)) return;
    const tail = this.buckets[this.buckets.length - 1];
    if (!tail || step > tail.lastStep) {
      if (tail && step - tail.firstStep < this.span) merge(tail, single(step, time, value));
      else this.buckets.push(single(step, time, value));
      return;
    }
    const at = this.firstEndingAtOrAfter(step);
    const bucket = this.buckets[at]!;
    if (bucket.firstStep > step) this.buckets.splice(at, 0, single(step, time, value));
    else if (bucket.firstStep < bucket.lastStep) merge(bucket, single(step, time, value));
    else this.buckets.splice(this.firstStartingAfter(step, at), 0, single(step, time, value));
  }

  private firstEndingAtOrAfter(step: number): number {
    let low = 0;
    let high = this.buckets.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.buckets[middle]!.lastStep < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private firstStartingAfter(step: number, from: number): number {
    let at = from;
    while (at < this.buckets.length && this.buckets[at]!.firstStep <= step) at++;
    return at;
  }

  private coarsen(): void {
    if (this.buckets.length <= this.limit) return;
    const first = this.buckets[0]!.firstStep;
    const last = this.buckets[this.buckets.length - 1]!.lastStep;
    this.span = (last - first + 1) / (this.limit / 2);
    for (;;) {
      this.buckets = mergeWithin(this.buckets, this.span);
      if (this.buckets.length <= this.limit * 0.75) return;
      this.span *= 2;
    }
  }
}

function averageSpan(buckets: readonly Bucket[]): number {
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  return first && last ? (last.lastStep - first.firstStep + 1) / buckets.length : 1;
}

/** Merges neighbours as long as a bucket spans at most `width` steps. */
function mergeWithin(buckets: Bucket[], width: number): Bucket[] {
  const out: Bucket[] = [];
  let open: Bucket | null = null;
  for (const bucket of buckets) {
    if (open && bucket.lastStep - open.firstStep + 1 <= width) {
      merge(open, bucket);
    } else {
      open = { ...bucket };
      out.push(open);
    }
  }
  return out;
}

function merge(into: Bucket, other: Bucket): void {
  if (other.firstStep < into.firstStep) {
    into.firstStep = other.firstStep;
    into.firstTime = other.firstTime;
    into.first = other.first;
  }
  if (other.lastStep >= into.lastStep) {
    into.lastStep = other.lastStep;
    into.lastTime = other.lastTime;
    into.last = other.last;
  }
  into.count += other.count;
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
  into.sum += other.sum;
  into.nan += other.nan;
  into.posInf += other.posInf;
  into.negInf += other.negInf;
}

function single(step: number, time: number, value: number): Bucket {
  const finite = Number.isFinite(value);
  return {
    firstStep: step,
    lastStep: step,
    firstTime: time,
    lastTime: time,
    count: 1,
    min: finite ? value : Infinity,
    max: finite ? value : -Infinity,
    sum: finite ? value : 0,
    first: value,
    last: value,
    nan: Number.isNaN(value) ? 1 : 0,
    posInf: value === Infinity ? 1 : 0,
    negInf: value === -Infinity ? 1 : 0,
  };
}

function fromSeries(series: Series): Bucket[] {
  if (series.raw) return series.steps.map((step, i) => single(step, series.times[i]!, series.values[i]!));
  const b = series.buckets;
  return b.first_step.map((firstStep, i) => {
    const [nan, posInf, negInf, count] = [b.nan[i]!, b.pos_inf[i]!, b.neg_inf[i]!, b.count[i]!];
    return {
      firstStep,
      lastStep: b.last_step[i]!,
      firstTime: b.first_time[i]!,
      lastTime: b.last_time[i]!,
      count,
      min: b.min[i] ?? Infinity,
      max: b.max[i] ?? -Infinity,
      sum: (b.mean[i] ?? 0) * (count - nan - posInf - negInf),
      first: b.first[i]!,
      last: b.last[i]!,
      nan,
      posInf,
      negInf,
    };
  });
}

export const finiteCount = (bucket: Bucket): number => bucket.count - bucket.nan - bucket.posInf - bucket.negInf;
export const meanOf = (bucket: Bucket): number | null => {
  const finite = finiteCount(bucket);
  return finite === 0 ? null : bucket.count === 1 ? bucket.last : bucket.sum / finite;
};
