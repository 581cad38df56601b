import { describe, expect, it } from 'vitest';
import { places } from './places';

const curves = (log_x: boolean, log_y: boolean) => ({ x: [-1, 0, 1, 10], curves: [{ y: [1, 2, 0, 4] }, { y: [NaN, 5, -6, Infinity] }], log_x, log_y });

describe('places on axes', () => {
  it('are all on even axes, but for gaps', () => {
    const all = places(curves(false, false));
    expect(all.x).toEqual([-1, 0, 1, 10]);
    expect(all.drawn).toEqual([[1, 2, 0, 4], [null, 5, -6, null]]);
    expect(all.without).toBe(0);
  });

  it('are above 0 on logarithmic ones, and what is left out is counted', () => {
    const both = places(curves(true, true));
    expect(both.x).toEqual([1, 10]);
    expect(both.drawn).toEqual([[null, 4], [null, null]]);
    expect(both.values).toEqual([[0, 4], [-6, Infinity]]);
    expect(both.without).toBe(5);
    expect(places(curves(false, true)).without).toBe(2);
    expect(places(curves(true, false)).without).toBe(3);
  });
});
