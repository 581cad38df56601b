import { describe, expect, it } from 'vitest';
import { exhibit } from './exhibits';

const shown = { name: 'x', step: 3, time: 1, attempt: 1 };

describe('an exhibit', () => {
  it('has gaps where a curve is not a number', () => {
    const data = { x_label: 'x', y_label: 'y', x: [1, 2], curves: [{ name: 'relu', y: ['NaN', 0.5] }] };
    expect(exhibit({ ...shown, kind: 'curves', data }, '')).toMatchObject({ kind: 'curves', data: { curves: [{ y: [NaN, 0.5] }] } });
  });

  it('of an older runner has even axes', () => {
    const data = { x_label: 'x', y_label: 'y', x: [1], curves: [] };
    expect(exhibit({ ...shown, kind: 'curves', data }, '')).toMatchObject({ data: { log_x: false, log_y: false } });
    expect(exhibit({ ...shown, kind: 'curves', data: { ...data, log_x: true } }, '')).toMatchObject({ data: { log_x: true } });
  });

  it('of a kind that is newer than this page is let through', () => {
    expect(exhibit({ ...shown, kind: 'video', data: 1 }, '')).toMatchObject({ kind: 'other', data: 1 });
  });

  it.each([
    ['histogram', { edges: [0, 1], counts: [1, 2], not_finite: 0 }, 'one edge more than bins'],
    ['matrix', { row_label: 'r', rows: ['a'], column_label: 'c', columns: ['a', 'b'], counts: [[1]] }, 'a count for each pair'],
    ['curves', { x_label: 'x', y_label: 'y', x: [1], curves: [{ name: 'a', y: [] }] }, 'as many values as x'],
  ])('whose %s does not fit together is refused', (kind, data, why) => {
    expect(() => exhibit({ ...shown, kind, data }, '')).toThrow(why);
  });
});
