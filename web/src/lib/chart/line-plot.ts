// One curve on a canvas: uPlot set up for a series of a run. Knows no Svelte; the component beside it feeds frames in and hears of the
// cursor and of zooms.

import uPlot from 'uplot';
import type { StepRange } from '../live/series-buffer';
import { drawBands, reach } from './bands';
import type { BandBox } from './bands';
import type { Frame } from './frame';
import { drawMarks, isMove, SMALLEST_DRAG, stepAxis, valueAxis, yRange } from './plot-parts';

export interface PlotColors {
  line: string;
  mark: string;
  text: string;
  grid: string;
  surface: string;
  band: string;
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
const EMPTY: Frame = { buckets: [], x: [], y: [], low: [], high: [], smooth: null, marks: [], banded: false, notPositive: 0 };

export class LinePlot {
  private frame: Frame = EMPTY;
  private zoom: StepRange | null = null;
  private bands: readonly BandBox[] = [];
  private readonly plot: uPlot;

  constructor(
    target: HTMLElement,
    private readonly options: PlotOptions,
  ) {
    this.plot = new uPlot(this.uplotOptions(), [[], [], [], [], []], target);
  }

  draw(frame: Frame, zoom: StepRange | null, bands: readonly BandBox[] = []): void {
    this.frame = frame;
    this.zoom = zoom;
    this.bands = bands;
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
    return {
      width,
      height,
      legend: { show: false },
      padding: [10, 18, 0, 0],
      scales: {
        x: { time: false, range: (_, min, max) => this.xRange(min, max) },
        y: { distr: logY ? 3 : 1, range: (_, min, max) => yRange(...reach(this.bands, this.shown(), min, max, logY), logY) },
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
      axes: [stepAxis(colors), valueAxis(colors, logY)],
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
        drawAxes: [(plot) => drawBands(plot, this.bands, colors)],
        draw: [(plot) => drawMarks(plot, this.frame.marks, colors.mark)],
      },
    };
  }

  /** Not `visibleRange`: while uPlot finds the range of y, it has not yet taken over that of x. */
  private shown(): StepRange {
    const { x } = this.frame;
    return this.zoom ?? { from: x[0] ?? 0, to: x[x.length - 1] ?? 0 };
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
}
