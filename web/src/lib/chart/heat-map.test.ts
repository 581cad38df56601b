import { describe, expect, it } from 'vitest';
import { describeBin, describeBins, heatMap } from './heat-map';

describe('histograms over steps', () => {
  it('share one axis, each with its own densest row', () => {
    const map = heatMap([{ edges: [0, 1, 2], counts: [4, 2] }, { edges: [0, 4], counts: [100] }], 4);
    expect([map.low, map.high]).toEqual([0, 4]);
    expect(map.columns).toEqual([[1, 0.5, 0, 0], [1, 1, 1, 1]]);
  });

  it('spread a bin over the rows that it covers, and lose nothing of it', () => {
    const [column] = heatMap([{ edges: [0, 3, 4], counts: [6, 4] }], 2).columns;
    expect(column).toEqual([4 / 6, 1]); // 4 of the 6 lie below 2, 2 and the other 4 above
  });

  it('stand for values that are all the same, or none', () => {
    expect(heatMap([{ edges: [1, 1], counts: [3] }], 3).columns).toEqual([[1, 0, 0]]);
    expect(heatMap([{ edges: [0, 1], counts: [0] }], 2).columns).toEqual([[0, 0]]);
  });

  it('are told in words', () => {
    expect(describeBins([0, 1, 2], [4, 2], 3)).toBe('6 values from 0 to 2, most (4) between 0 and 1, 3 not finite');
    expect(describeBins([0, 1], [0], 0)).toBe('no finite values');
    expect(describeBin([-0.5, 0.25], [1200], 0)).toBe('−0.5 to 0.25: 1,200');
  });
});
