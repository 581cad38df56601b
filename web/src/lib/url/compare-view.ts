// Which runs are compared and how, as the address says it: the whole view, so that a link shows another person the same.

import { formatChartView, parseChartView } from './chart-view';
import type { ChartView } from './chart-view';
import { readable } from './runs-query';

/** More curves than this in one chart cannot be told apart any more. */
export const MOST_RUNS = 20;

export interface CompareView extends ChartView {
  /** An id, or the beginning of one, for each place; null where a run was taken out, so that those after it keep their colours. */
  places: (string | null)[];
  /** How many runs the address named beyond those that are shown. */
  cut: number;
  /** Places whose lines are not drawn. */
  hidden: number[];
  onlyDiffering: boolean;
}

export function parseCompareView(search: string): CompareView {
  const query = new URLSearchParams(search);
  const named = (query.get('runs') ?? '').split(',').map((id) => (/^[0-9a-f]{6,32}$/i.test(id) ? id.toLowerCase() : null));
  const seen = new Set<string>();
  const places: (string | null)[] = [];
  let cut = 0;
  for (const id of named) {
    if (id !== null && (seen.has(id) || seen.size >= MOST_RUNS)) {
      if (!seen.has(id)) cut++;
      continue;
    }
    if (id !== null) seen.add(id);
    places.push(id);
  }
  const hidden = (query.get('hide') ?? '').split('.').filter((at) => /^\d{1,3}$/.test(at)).map(Number);
  return { places: trimmed(places), cut, hidden: hidden.filter((at) => places[at]), onlyDiffering: query.get('params') === 'diff', ...parseChartView(query) };
}

export function formatCompareView(view: CompareView): string {
  const out = new URLSearchParams();
  const places = trimmed(view.places);
  if (places.length > 0) out.set('runs', places.map((id) => id ?? '').join(','));
  const hidden = view.hidden.filter((at) => places[at]);
  if (hidden.length > 0) out.set('hide', hidden.join('.'));
  if (view.onlyDiffering) out.set('params', 'diff');
  formatChartView(view, out);
  return readable(out);
}

/** The address that compares these runs, with whole ids. */
export function compareAddress(ids: readonly string[]): string {
  return `/compare?runs=${ids.join(',')}`;
}

/** Ends with a run; one with more gaps than runs begins anew without them. */
function trimmed(places: readonly (string | null)[]): (string | null)[] {
  const ids = places.filter((id) => id !== null);
  return places.length > 2 * MOST_RUNS ? ids : places.slice(0, places.findLastIndex((id) => id !== null) + 1);
}
