// How charts are looked at, of one run or of several, as an address says it.

import type { StepRange } from '../live/series-buffer';
import { SMOOTHING_STEPS } from '../chart/smooth';

export interface ChartView {
  filter: string;
  smoothing: number;
  logY: boolean;
  zoom: StepRange | null;
}

export function parseChartView(query: URLSearchParams): ChartView {
  const smoothing = Number(query.get('smooth') ?? 0);
  return {
    filter: query.get('metrics')?.slice(0, 200) ?? '',
    smoothing: SMOOTHING_STEPS.find((step) => step === smoothing) ?? 0,
    logY: query.get('y') === 'log',
    zoom: parseZoom(query.get('steps')),
  };
}

export function formatChartView(view: ChartView, out: URLSearchParams): void {
  if (view.filter) out.set('metrics', view.filter);
  if (view.smoothing) out.set('smooth', String(view.smoothing));
  if (view.logY) out.set('y', 'log');
  if (view.zoom) out.set('steps', `${view.zoom.from}..${view.zoom.to}`);
}

function parseZoom(text: string | null): StepRange | null {
  const parts = /^(-?\d{1,16})\.\.(-?\d{1,16})$/.exec(text ?? '');
  if (!parts) return null;
  const [from, to] = [Number(parts[1]), Number(parts[2])];
  return from < to ? { from, to } : null;
}
