// How a run is looked at, as its address says it.

import { formatChartView, parseChartView } from './chart-view';
import type { ChartView } from './chart-view';
import { readable } from './runs-query';

export const TABS = ['charts', 'exhibits', 'predict', 'generate', 'overview', 'artifacts', 'log'] as const;
export type Tab = (typeof TABS)[number];

export interface RunView extends ChartView {
  tab: Tab;
}

export function parseRunView(search: string): RunView {
  const query = new URLSearchParams(search);
  return { tab: TABS.find((tab) => tab === query.get('tab')) ?? 'charts', ...parseChartView(query) };
}

export function formatRunView(view: RunView): string {
  const out = new URLSearchParams();
  if (view.tab !== 'charts') out.set('tab', view.tab);
  formatChartView(view, out);
  return readable(out);
}
