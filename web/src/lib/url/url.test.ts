import { describe, expect, it } from 'vitest';
import { compareAddress, formatCompareView, MOST_RUNS, parseCompareView } from './compare-view';
import { formatRunsQuery, nextSort, parseRunsQuery } from './runs-query';
import { formatRunView, parseRunView } from './run-view';

describe('the address of the list of runs', () => {
  it.each(['', '?experiment=1', '?state=RUNNING,FAILED', '?search=a+b%26c', '?sort=metric:train/loss&order=asc', '?experiment=2&sort=name&page=3'])('%s means itself', (search) => {
    expect(formatRunsQuery(parseRunsQuery(search))).toBe(search);
  });

  it('falls back where an address means nothing', () => {
    const odd = parseRunsQuery('?experiment=../etc&state=FLYING,running&sort=evil&order=up&page=-4');
    expect(odd).toEqual({ experiment: null, states: ['RUNNING'], search: '', sort: 'created_at', order: 'desc', offset: 0 });
    for (const page of ['NaN', '1e9', '0', '2.5']) expect(parseRunsQuery(`?page=${page}`).offset).toBe(0);
  });

  it('sorts the best first, then the other way round', () => {
    const byLoss = nextSort(parseRunsQuery('?page=2'), 'metric:train/loss', 'asc');
    expect(byLoss).toMatchObject({ order: 'asc', offset: 0 });
    expect(nextSort(byLoss, 'metric:train/loss', 'asc').order).toBe('desc');
    expect(nextSort(byLoss, 'duration', 'desc').order).toBe('desc');
  });
});

describe('the address of a run', () => {
  it.each(['', '?tab=log', '?tab=exhibits', '?metrics=grad', '?smooth=0.9&y=log', '?steps=-5..100'])('%s means itself', (search) => {
    expect(formatRunView(parseRunView(search))).toBe(search);
  });

  it('falls back where an address means nothing', () => {
    expect(parseRunView('?tab=x&smooth=7&y=?&steps=9..3')).toEqual({ tab: 'charts', filter: '', smoothing: 0, logY: false, zoom: null });
  });
});

describe('the address of a comparison', () => {
  const id = (n: number) => n.toString(16).padStart(6, '0');

  it.each(['', '?runs=9f2c4b,aaaaaa', '?runs=9f2c4b,,aaaaaa&hide=2', '?runs=9f2c4b&params=diff&metrics=loss&smooth=0.9&y=log&steps=1..9'])('%s means itself', (search) => {
    expect(formatCompareView(parseCompareView(search))).toBe(search);
  });

  it('keeps the place of a run that was taken out, and none at the end', () => {
    const view = parseCompareView(compareAddress([id(1), id(2), id(3)]).split('compare')[1]!);
    expect(formatCompareView({ ...view, places: [id(1), null, id(3)] })).toBe('?runs=000001,,000003');
    expect(formatCompareView({ ...view, places: [id(1), id(2), null] })).toBe('?runs=000001,000002');
  });

  it('says how many runs are too many', () => {
    const ids = Array.from({ length: MOST_RUNS + 3 }, (_, n) => id(n));
    const view = parseCompareView(`?runs=${[...ids, ids[0]].join(',')}`);
    expect(view.places).toEqual(ids.slice(0, MOST_RUNS));
    expect(view.cut).toBe(3);
  });

  it('falls back where an address means nothing', () => {
    expect(parseCompareView('?runs=../etc,9F2C4B,9f2c4b&hide=x.7.1&params=all')).toMatchObject({ places: [null, '9f2c4b'], hidden: [1], cut: 0, onlyDiffering: false });
  });
});
