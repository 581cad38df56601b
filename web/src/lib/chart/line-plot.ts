// One curve on a canvas: uPlot set up for a series of a run. Knows no Svelte; the component beside it feeds frames in and hears of the
// cursor and of zooms.

import uPlot from 'uplot';
import type { StepRange } from '../live/series-buffer';
import { evenSplits, logLabels, logSplits, stepLabels, valueLabels } from './axis';
import type { Frame, MarkKind } from './frame';

export interface PlotColors {
  line: string;
  mark: string;
  text: string;
  grid: string;
  surface: string;
}

export interface PlotOptions {
  width: number;
  height: number;
  logY: boolean;
  colors: PlotColors;
  /** Plots of one group share their crosshair. */
  group: string;
  /** The point under the crosshair, also when another plot of the group moved it. */
  onCursor: (index: number | null) => void;
  onZoom: (range: StepRange) => void;
}

const X = 0;
const LOW = 1;
const HIGH = 2;
const SMOOTH = 4;
const SMALLEST_DRAG = 6;
const MARK_SPACE = 10;
const Y_SPACE = 34;
const FONT = "'Inter Variable', system-ui, sans-serif"; // as in tokens.css; a canvas knows no custom properties
const EMPTY: Frame = { buckets: [], x: [], y: [], low: [], high: [], smooth: null, marks: [], banded: false, notPositive: 0 };

export class LinePlot {
  private frame: Frame = EMPTY;
  private zoom: StepRange | null = null;
  private readonly plot: uPlot;

  constructor(
    target: HTMLElement,
    private readonly options: PlotOptions,
  ) {
    this.plot = new uPlot(this.uplotOptions(), [[], [], [], [], []], target);
  }

  draw(frame: Frame, zoom: StepRange | null): void {
    this.frame = frame;
    this.zoom = zoom;
    const { x, y, low, high, smooth, banded } = frame;
    const none = new Array<null>(x.length).fill(null);
    this.plot.setData([x, banded ? low : none, banded ? high : none, y, smooth ?? none]);
  }

  resize(width: number, height: number): void {
    if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
  }

  /** Puts the cursor on a point, as the mouse would; null takes it away. */
  moveCursor(index: number | null): void {
    if (index === null) return this.plot.setCursor({ left: -10, top: -10 });
    const y = this.frame.smooth?.[index] ?? this.frame.y[index];
    const top = typeof y === 'number' ? this.plot.valToPos(y, 'y') : this.plot.over.clientHeight / 2;
    this.plot.setCursor({ left: this.plot.valToPos(this.frame.x[index]!, 'x'), top });
  }

  /** Where the cursor is on the screen. */
  cursorPosition(): { x: number; y: number } {
    const box = this.plot.over.getBoundingClientRect();
    return { x: box.left + (this.plot.cursor.left ?? 0), y: box.top + (this.plot.cursor.top ?? 0) };
  }

  /** The steps between the left and the right edge. */
  visibleRange(): StepRange {
    const { min, max } = this.plot.scales.x!;
    return { from: min ?? 0, to: max ?? 1 };
  }

  destroy(): void {
    this.plot.destroy();
  }

  private uplotOptions(): uPlot.Options {
    const { width, height, logY, colors } = this.options;
    // The edges of the envelope are drawn, faintly: a spike of one point is too thin to be seen as an area.
    const edge: uPlot.Series = { points: { show: false }, width: 1, stroke: colors.line + '70' };
    const axis: uPlot.Axis = {
      stroke: colors.text,
      font: `11px ${FONT}`,
      grid: { stroke: colors.grid, width: 1 },
      ticks: { show: false },
      gap: 6,
    };
    return {
      width,
      height,
      legend: { show: false },
      padding: [10, 18, 0, 0],
      scales: {
        x: { time: false, range: (_, min, max) => this.xRange(min, max) },
        y: { distr: logY ? 3 : 1, range: (_, min, max) => yRange(min, max, logY) },
      },
      series: [
        {},
        { ...edge },
        { ...edge },
        {
          stroke: () => (this.frame.smooth ? colors.line + '59' : colors.line),
          width: 1.5,
          points: { size: 5, fill: () => (this.frame.smooth ? colors.line + '59' : colors.line) },
        },
        { stroke: colors.line, width: 2, points: { show: false } },
      ],
      bands: [{ series: [HIGH, LOW], fill: colors.line + '33' }],
      axes: [
        { ...axis, size: 26, space: 60, grid: { show: false }, values: (_, splits) => stepLabels(splits) },
        { ...axis, size: axisWidth, incrs: anyIncrement, ...(logY ? logAxis : evenAxis) },
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: SMALLEST_DRAG },
        dataIdx: (plot, _, closest, x) => (x < plot.scales.x!.min! || x > plot.scales.x!.max! ? null : closest),
        points: { size: 7, show: (plot, series) => this.cursorPoint(plot, series) },
        sync: { key: this.options.group, setSeries: false, scales: ['x', null], filters: { pub: isMove, sub: isMove } },
        bind: { dblclick: () => null },
      },
      hooks: {
        setCursor: [(plot) => this.options.onCursor(plot.cursor.idx ?? null)],
        setSelect: [(plot) => this.selected(plot)],
        draw: [(plot) => this.drawMarks(plot)],
      },
    };
  }

  private xRange(min: number | null, max: number | null): uPlot.Range.MinMax {
    if (this.zoom) return [this.zoom.from, this.zoom.to];
    if (min === null || max === null) return [0, 1];
    return min === max ? [min - 1, max + 1] : [min, max];
  }

  private cursorPoint(plot: uPlot, series: number): HTMLElement {
    const dot = document.createElement('div');
    const hidden = series === X || series === LOW || series === HIGH || series === SMOOTH;
    dot.className = hidden ? 'hidden-dot' : 'cursor-dot';
    const color = plot.series[series]?.stroke;
    dot.style.background = typeof color === 'string' ? color : this.options.colors.line;
    return dot;
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < SMALLEST_DRAG) return;
    const from = Math.floor(plot.posToVal(left, 'x'));
    const to = Math.ceil(plot.posToVal(left + width, 'x'));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (to > from) this.options.onZoom({ from, to });
  }

  /** NaN and infinities have no height, so they are marked at the edges: a cross below, arrows up and down. */
  private drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const seen = new Set<string>();
    ctx.save();
    ctx.strokeStyle = this.options.colors.mark;
    ctx.lineWidth = 1.6 * uPlot.pxRatio;
    for (const { x, kind } of this.frame.marks) {
      const at = Math.round(plot.valToPos(x, 'x', true));
      const key = kind + Math.round(at / (MARK_SPACE * uPlot.pxRatio));
      if (at < bbox.left || at > bbox.left + bbox.width || seen.has(key)) continue;
      seen.add(key);
      ctx.stroke(markPath(kind, at, bbox, 4 * uPlot.pxRatio));
    }
    ctx.restore();
  }
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

function yRange(min: number | null, max: number | null, logY: boolean): uPlot.Range.MinMax {
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
const isMove: uPlot.Cursor.Sync.Filter = (type) => type === 'mousemove' || type === 'mouseleave';
