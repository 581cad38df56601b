// How a run is looked at, as its address says it.

import type { StepRange } from '../live/series-buffer';
import { SMOOTHING_STEPS } from '../chart/smooth';
import { readable } from './runs-query';

export const TABS = ['charts', 'overview', 'log'] as const;
export type Tab = (typeof TABS)[number];

export interface RunView {
  tab: Tab;
  filter: string;
  smoothing: number;
  logY: boolean;
  zoom: StepRange | null;
}

export function parseRunView(search: string): RunView {
  const query = new URLSearchParams(search);
  const smoothing = Number(query.get('smooth') ?? 0);
  return {
    tab: TABS.find((tab) => tab === query.get('tab')) ?? 'charts',
    filter: query.get('metrics')?.slice(0, 200) ?? '',
    smoothing: SMOOTHING_STEPS.find((step) => step === smoothing) ?? 0,
    logY: query.get('y') === 'log',
    zoom: parseZoom(query.get('steps')),
  };
}

export function formatRunView(view: RunView): string {
  const out = new URLSearchParams();
  if (view.tab !== 'charts') out.set('tab', view.tab);
  if (view.filter) out.set('metrics', view.filter);
  if (view.smoothing) out.set('smooth', String(view.smoothing));
  if (view.logY) out.set('y', 'log');
  if (view.zoom) out.set('steps', `${view.zoom.from}..${view.zoom.to}`);
  return readable(out);
}

function parseZoom(text: string | null): StepRange | null {
  const parts = /^(-?\d{1,16})\.\.(-?\d{1,16})$/.exec(text ?? '');
  if (!parts) return null;
  const [from, to] = [Number(parts[1]), Number(parts[2])];
  return from < to ? { from, to } : null;
}
