import { describe, expect, it } from 'vitest';
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
  it.each(['', '?tab=log', '?metrics=grad', '?smooth=0.9&y=log', '?steps=-5..100'])('%s means itself', (search) => {
    expect(formatRunView(parseRunView(search))).toBe(search);
  });

  it('falls back where an address means nothing', () => {
    expect(parseRunView('?tab=x&smooth=7&y=?&steps=9..3')).toEqual({ tab: 'charts', filter: '', smoothing: 0, logY: false, zoom: null });
  });
});
