// What others have reached, as a chart draws it and as it is said: a box at its step from low to high, behind the line.

import uPlot from 'uplot';
import type { RunBand } from '../api/model';
import type { StepRange } from '../live/series-buffer';
import { exact, short, whole } from '../format/number';

export interface BandBox {
  step: number;
  low: number;
  high: number;
  source: string;
}

const HALF_WIDTH = 11;
const LEAST_HEIGHT = 7;
const HATCH = 5;

/** The bands of a metric that have a place: one whose point is not there yet has no step. */
export function boxes(bands: readonly RunBand[]): BandBox[] {
  return bands.flatMap(({ step, low, high, source }) => (step === null ? [] : [{ step, low, high, source }]));
}

/** From the smallest to the largest of the values and of the bands in sight. */
export function reach(bands: readonly BandBox[], shown: StepRange, min: number | null, max: number | null, logY: boolean): [number | null, number | null] {
  if (min === null || max === null) return [min, max];
  const seen = bands.filter(({ step, low }) => step >= shown.from && step <= shown.to && (!logY || low > 0));
  return [Math.min(min, ...seen.map(({ low }) => low)), Math.max(max, ...seen.map(({ high }) => high))];
}

/** Hatched and framed, so that it is not taken for the envelope of the curve, whatever the colours. */
export function drawBands(plot: uPlot, bands: readonly BandBox[], colors: { band: string }): void {
  const { ctx, bbox } = plot;
  const px = uPlot.pxRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - HALF_WIDTH * px, bbox.top, bbox.width + 2 * HALF_WIDTH * px, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colors.band;
  const { min, max } = plot.scales.x!;
  for (const { step, low, high } of bands) {
    if (step < min! || step > max!) continue;
    const x = Math.round(plot.valToPos(step, 'x', true));
    const [top, bottom] = [plot.valToPos(high, 'y', true), plot.valToPos(low, 'y', true)];
    if (!Number.isFinite(top) || !Number.isFinite(bottom)) continue;
    const room = Math.max(0, (LEAST_HEIGHT * px - (bottom - top)) / 2);
    const [left, width, y, height] = [x - HALF_WIDTH * px, 2 * HALF_WIDTH * px, top - room, bottom - top + 2 * room];
    ctx.fillStyle = colors.band + '2e';
    ctx.fillRect(left, y, width, height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, y, width, height);
    ctx.clip();
    ctx.lineWidth = px;
    ctx.beginPath();
    for (let at = left - height; at < left + width; at += HATCH * px) {
      ctx.moveTo(at, y + height);
      ctx.lineTo(at + height, y);
    }
    ctx.globalAlpha = 0.55;
    ctx.stroke();
    ctx.restore();
    ctx.lineWidth = 1.5 * px;
    ctx.strokeRect(left, y, width, height);
  }
  ctx.restore();
}

export interface Verdict {
  kind: 'inside' | 'outside' | 'open';
  /** "0.486 in 0.48 to 0.492 at epoch 5" */
  text: string;
  source: string;
}

/** `place` says where the point is, in the words of the run: "epoch 5". */
export function verdict(band: RunBand, place: string): Verdict {
  const range = `${exact(band.low)} to ${exact(band.high)}`;
  const { source } = band;
  if (band.inside === null || band.value === null) return { kind: 'open', text: `${range} at ${place}, which is not there yet`, source };
  const value = short(band.value);
  return band.inside ? { kind: 'inside', text: `${value} in ${range} at ${place}`, source } : { kind: 'outside', text: `${value}, not in ${range}, at ${place}`, source };
}

export const VERDICT_WORDS = { inside: 'Inside the reference band', outside: 'Outside the reference band', open: 'Reference band' } as const;

/** "epoch 5" where the metric has a value for each epoch: it is named so, or grows with one that is. Otherwise "value 5". */
export function placeOf(band: RunBand, run: { metrics: Record<string, { count: number }>; bands: readonly RunBand[] }): string {
  const count = (metric: string) => run.metrics[metric]?.count ?? 0;
  const perEpoch = [...Object.keys(run.metrics), ...run.bands.map(({ metric }) => metric)].filter((metric) => metric.startsWith('epoch/'));
  return `${perEpoch.includes(band.metric) || perEpoch.some((metric) => count(metric) === count(band.metric)) ? 'epoch' : 'value'} ${whole(band.point)}`;
}
