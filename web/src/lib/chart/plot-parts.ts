// What all plots share: axes, ranges, marks for values without a height, and how crosshairs are shared.

import uPlot from 'uplot';
import { evenSplits, logLabels, logSplits, stepLabels, valueLabels } from './axis';
import type { Mark, MarkKind } from './frame';

export const FONT = "'Inter Variable', system-ui, sans-serif"; // as in tokens.css; a canvas knows no custom properties
export const SMALLEST_DRAG = 6;
const MARK_SPACE = 10;
const Y_SPACE = 34;

export interface AxisColors {
  text: string;
  grid: string;
}

function axis({ text, grid }: AxisColors): uPlot.Axis {
  return { stroke: text, font: `11px ${FONT}`, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 6 };
}

export function stepAxis(colors: AxisColors): uPlot.Axis {
  return { ...axis(colors), size: 26, space: 60, grid: { show: false }, values: (_, splits) => stepLabels(splits) };
}

/** Any numbers, from left to right. */
export function numberAxis(colors: AxisColors, logX: boolean): uPlot.Axis {
  return {
    ...axis(colors),
    size: 26,
    grid: { show: logX },
    incrs: anyIncrement,
    splits: (plot, _, min, max) => evenSplits(min, max, Math.max(2, Math.min(8, Math.floor(plot.width / 90)))),
    values: (_, splits) => valueLabels(splits, (splits[1] ?? 1) - (splits[0] ?? 0)),
    ...(logX ? logAxis : {}),
  };
}

export function valueAxis(colors: AxisColors, logY: boolean): uPlot.Axis {
  return { ...axis(colors), size: axisWidth, incrs: anyIncrement, ...(logY ? logAxis : evenAxis) };
}

/** NaN and infinities have no height, so they are marked at the edges: a cross below, arrows up and down. */
export function drawMarks(plot: uPlot, marks: readonly Mark[], color: string): void {
  const { ctx, bbox } = plot;
  const seen = new Set<string>();
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.6 * uPlot.pxRatio;
  ctx.setLineDash([]); // a dashed curve leaves its own behind
  for (const { x, kind } of marks) {
    const at = Math.round(plot.valToPos(x, 'x', true));
    const key = kind + Math.round(at / (MARK_SPACE * uPlot.pxRatio));
    if (at < bbox.left || at > bbox.left + bbox.width || seen.has(key)) continue;
    seen.add(key);
    ctx.stroke(markPath(kind, at, bbox, 4 * uPlot.pxRatio));
  }
  ctx.restore();
}

function markPath(kind: MarkKind, x: number, bbox: uPlot.BBox, r: number): Path2D {
  const path = new Path2D();
  const bottom = bbox.top + bbox.height - r - 2;
  const top = bbox.top + r;
  const lines: Record<MarkKind, [number, number][][]> = {
    nan: [[[x - r, bottom - r], [x + r, bottom + r]], [[x + r, bottom - r], [x - r, bottom + r]]],
    posInf: [[[x - r, top + r], [x, top - r], [x + r, top + r]]],
    negInf: [[[x - r, bottom - r], [x, bottom + r], [x + r, bottom - r]]],
  };
  for (const [start, ...rest] of lines[kind]) {
    path.moveTo(...start!);
    for (const point of rest) path.lineTo(...point);
  }
  return path;
}

export function yRange(min: number | null, max: number | null, logY: boolean): uPlot.Range.MinMax {
  if (min === null || max === null) return logY ? [0.1, 1] : [0, 1];
  if (logY) return [min / 1.15, max * 1.15];
  if (min === max) return [min - (Math.abs(min) || 1) * 0.1, max + (Math.abs(max) || 1) * 0.1];
  const room = (max - min) * 0.06;
  return [min >= 0 && min < room * 4 ? 0 : min - room, max + room];
}

/** Ticks are chosen by `splits`; uPlot draws no axis at all unless it finds an increment, and it knows none beyond 1e33. */
const anyIncrement: uPlot.Axis.Incrs = (_, __, min, max) => [Math.max(5, max - min)];

const evenAxis: uPlot.Axis = {
  splits: (plot, _, min, max) => evenSplits(min, max, Math.max(2, Math.min(10, Math.floor((plot.height - 36) / Y_SPACE)))),
  values: (_, splits) => valueLabels(splits, (splits[1] ?? 1) - (splits[0] ?? 0)),
};

const logAxis: uPlot.Axis = {
  splits: (_, __, min, max) => logSplits(min, max),
  filter: (_, splits) => splits,
  values: (_, splits) => logLabels(splits),
};

/** As wide as the longest label; steps of 8 px, so that a live figure seldom moves the curve. */
function axisWidth(plot: uPlot, values: string[] | null): number {
  if (!values) return 40;
  plot.ctx.save();
  plot.ctx.font = `${11 * uPlot.pxRatio}px ${FONT}`;
  const widest = Math.max(0, ...values.map((value) => plot.ctx.measureText(value).width)) / uPlot.pxRatio;
  plot.ctx.restore();
  return Math.max(40, Math.ceil((widest + 12) / 8) * 8);
}

/** Only the position is shared; a drag in one plot must not select in another. */
export const isMove: uPlot.Cursor.Sync.Filter = (type) => type === 'mousemove' || type === 'mouseleave';
