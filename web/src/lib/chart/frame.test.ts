import { describe, expect, it } from 'vitest';
import { buildFrame, describeBucket, summarize } from './frame';
import { SeriesBuffer } from '../live/series-buffer';

function buckets(values: number[], limit?: number) {
  const buffer = new SeriesBuffer('a', null, limit);
  const steps = values.map((_, i) => i + 1);
  buffer.load({ name: 'a', raw: true, count: values.length, steps, times: steps, values }, 1);
  return buffer.entries;
}

const plain = { smoothing: 0, logY: false };

describe('a chart', () => {
  it('draws raw points as they are', () => {
    const frame = buildFrame(buckets([3, 2, 1]), plain);
    expect(frame).toMatchObject({ x: [1, 2, 3], y: [3, 2, 1], banded: false, smooth: null, marks: [] });
  });

  it('breaks the line at NaN and infinities, and marks them', () => {
    const frame = buildFrame(buckets([3, NaN, Infinity, 1, -Infinity]), plain);
    expect(frame.y).toEqual([3, null, null, 1, null]);
    expect(frame.marks).toEqual([{ x: 2, kind: 'nan' }, { x: 3, kind: 'posInf' }, { x: 5, kind: 'negInf' }]);
  });

  it('shows every extreme in the envelope', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 567 ? 99 : 1));
    const frame = buildFrame(buckets(values, 50), plain);
    expect(frame.banded).toBe(true);
    expect(Math.max(...(frame.high as number[]))).toBe(99);
  });

  it('leaves out what a logarithmic axis cannot show, and counts it', () => {
    const frame = buildFrame(buckets([1, 0, -1, 10]), { smoothing: 0.5, logY: true });
    expect(frame.y).toEqual([1, null, null, 10]);
    expect(frame.notPositive).toBe(2);
  });

  it('can be told in a sentence', () => {
    expect(summarize('train/loss', buckets([3, NaN, 1, 2]))).toBe(
      'train/loss: 4 points from step 1 to 4, last 2, smallest 1 near step 3, largest 3 near step 1, 1 NaN.',
    );
    expect(summarize('train/loss', [])).toBe('train/loss: no points yet.');
  });

  it('tells exact values at the cursor', () => {
    expect(describeBucket(buckets([0.1 + 0.2])[0]!)).toEqual({ title: 'Step 1', rows: [['value', '0.30000000000000004']] });
    const wide = describeBucket(buckets([1, NaN, 4, ...Array<number>(37).fill(2)], 10)[0]!);
    expect(wide.title).toMatch(/points, steps 1 – /);
    expect(wide.rows).toContainEqual(['NaN', '1']);
  });
});
