// What the list of runs shows, as its address says it. What an address cannot mean falls back to the default.

import { STATES } from '../api/model';
import type { RunState } from '../api/model';

export interface RunsQuery {
  experiment: string | null;
  states: RunState[];
  search: string;
  sort: string;
  order: 'asc' | 'desc';
  offset: number;
}

export const PAGE_SIZE = 50;
const DEFAULT_SORT = 'created_at';
const SORTS = /^(created_at|name|state|duration|(metric|param):.{1,256})$/;

export function parseRunsQuery(search: string): RunsQuery {
  const query = new URLSearchParams(search);
  const experiment = query.get('experiment');
  const states = (query.get('state') ?? '').toUpperCase().split(',');
  const sort = query.get('sort') ?? '';
  const page = /^\d{1,7}$/.exec(query.get('page') ?? '')?.[0] ?? 1;
  return {
    experiment: experiment && /^\d{1,18}$/.test(experiment) ? experiment : null,
    states: STATES.filter((state) => states.includes(state)),
    search: query.get('search')?.slice(0, 500) ?? '',
    sort: SORTS.test(sort) ? sort : DEFAULT_SORT,
    order: query.get('order') === 'asc' ? 'asc' : 'desc',
    offset: Math.max(0, Number(page) - 1) * PAGE_SIZE,
  };
}

export function formatRunsQuery(query: Partial<RunsQuery>): string {
  const out = new URLSearchParams();
  if (query.experiment) out.set('experiment', query.experiment);
  if (query.states?.length) out.set('state', query.states.join(','));
  if (query.search) out.set('search', query.search);
  if (query.sort && query.sort !== DEFAULT_SORT) out.set('sort', query.sort);
  if (query.order === 'asc') out.set('order', 'asc');
  if (query.offset) out.set('page', String(query.offset / PAGE_SIZE + 1));
  return readable(out);
}

/** A header clicked once sorts by `first`, best values first; clicked again the other way. */
export function nextSort(query: RunsQuery, sort: string, first: RunsQuery['order']): RunsQuery {
  const same = query.sort === sort;
  const order = same ? (query.order === 'asc' ? 'desc' : 'asc') : first;
  return { ...query, sort, order, offset: 0 };
}

/** Commas, colons and slashes are allowed in a query and read better unescaped. */
export function readable(query: URLSearchParams): string {
  const text = query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%2F/g, '/');
  return text ? `?${text}` : '';
}
