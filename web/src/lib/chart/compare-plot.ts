// Curves of several runs on one canvas. The lines are the points, or the means of buckets, or smoothed; behind each lies, faintly, what
// it leaves out: the range of its buckets, and the unsmoothed curve.

import uPlot from 'uplot';
import type { StepRange } from '../live/series-buffer';
import { joined, lineStyle, valueRange } from './compare-lines';
import type { CompareLine } from './compare-lines';
import { drawMarks, isMove, SMALLEST_DRAG, stepAxis, valueAxis, yRange } from './plot-parts';

export interface ComparePlotOptions {
  width: number;
  height: number;
  logY: boolean;
  /** Hues by number, from 1. */
  hues: string[];
  colors: { text: string; grid: string };
  group: string;
  /** The step under the crosshair, and the line that is nearest to the pointer. */
  onCursor: (step: number | null, near: string | null) => void;
  onZoom: (range: StepRange) => void;
}

const NEAR = 24;
const FADED = 0.25;

export class ComparePlot {
  private lines: readonly CompareLine[] = [];
  private zoom: StepRange | null = null;
  private plot: uPlot;
  private places = '';
  private near: string | null = null;

  constructor(
    private readonly target: HTMLElement,
    private readonly options: ComparePlotOptions,
  ) {
    this.plot = this.make([], options.width, options.height);
  }

  draw(lines: readonly CompareLine[], zoom: StepRange | null): void {
    this.lines = lines;
    this.zoom = zoom;
    const { x, y } = joined(lines);
    const data = [x, ...y] as uPlot.AlignedData;
    const places = lines.map((line) => line.place).join();
    if (places === this.places) return this.plot.setData(data);
    // Lines have come or gone: how many there are is fixed for the life of a plot.
    this.places = places;
    const { width, height } = this.plot;
    const { left } = this.plot.cursor;
    const step = left !== undefined && left >= 0 ? this.plot.posToVal(left, 'x') : null;
    this.plot.destroy();
    this.plot = this.make(data, width, height);
    // Who reads the curves must not lose the place because another run has arrived.
    if (step !== null) this.moveCursor(step);
  }

  /** Draws one line strongly and the others faintly; null draws all alike. */
  highlight(run: string | null): void {
    const at = this.lines.findIndex((line) => line.run === run);
    this.plot.setSeries(at < 0 ? null : at + 1, { focus: at >= 0 });
  }

  resize(width: number, height: number): void {
    if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
  }

  moveCursor(step: number | null): void {
    if (step === null) return this.plot.setCursor({ left: -10, top: -10 });
    this.plot.setCursor({ left: this.plot.valToPos(step, 'x'), top: this.plot.over.clientHeight / 2 });
  }

  cursorPosition(): { x: number; y: number } {
    const box = this.plot.over.getBoundingClientRect();
    return { x: box.left + (this.plot.cursor.left ?? 0), y: box.top + (this.plot.cursor.top ?? 0) };
  }

  visibleRange(): StepRange {
    const { min, max } = this.plot.scales.x!;
    return { from: min ?? 0, to: max ?? 1 };
  }

  destroy(): void {
    this.plot.destroy();
  }

  private make(data: uPlot.AlignedData | [], width: number, height: number): uPlot {
    const { logY, colors, hues, group } = this.options;
    const series = this.lines.map(({ place, frame }): uPlot.Series => {
      const { hue, dash } = lineStyle(place);
      const stroke = hues[hue - 1]!;
      return { stroke, dash: [...dash], width: 1.75, points: frame.smooth ? { show: false } : { size: 5, fill: stroke } };
    });
    return new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [10, 18, 0, 0],
        focus: { alpha: FADED },
        scales: {
          x: { time: false, range: (_, min, max) => this.xRange(min, max) },
          y: { distr: logY ? 3 : 1, range: () => yRange(...this.valueRange(), logY) },
        },
        series: [{}, ...series],
        axes: [stepAxis(colors), valueAxis(colors, logY)],
        cursor: {
          y: false,
          focus: { prox: NEAR },
          drag: { x: true, y: false, setScale: false, dist: SMALLEST_DRAG },
          points: { size: 6 },
          dataIdx: (plot, series, closest) => (series === 0 ? closest : nearestValue(plot.data[series]!, closest)),
          sync: { key: group, setSeries: false, scales: ['x', null], filters: { pub: isMove, sub: isMove } },
          bind: { dblclick: () => null },
        },
        hooks: {
          setCursor: [(plot) => this.moved(plot)],
          setSeries: [(plot, at) => this.focused(plot, at)],
          setSelect: [(plot) => this.selected(plot)],
          drawAxes: [(plot) => this.drawBehind(plot)],
          draw: [(plot) => this.drawNotFinite(plot)],
        },
      },
      (data.length ? data : [[]]) as uPlot.AlignedData,
      this.target,
    );
  }

  private xRange(min: number | null, max: number | null): uPlot.Range.MinMax {
    if (this.zoom) return [this.zoom.from, this.zoom.to];
    if (min === null || max === null) return [0, 1];
    return min === max ? [min - 1, max + 1] : [min, max];
  }

  private valueRange(): [number | null, number | null] {
    const { from, to } = this.zoom ?? { from: -Infinity, to: Infinity };
    return valueRange(this.lines, from, to);
  }

  private moved(plot: uPlot): void {
    const { left } = plot.cursor;
    const inside = left !== undefined && left >= 0 && plot.data[0].length > 0;
    this.options.onCursor(inside ? plot.posToVal(left, 'x') : null, this.near);
  }

  private focused(plot: uPlot, at: number | null): void {
    this.near = at === null ? null : (this.lines[at - 1]?.run ?? null);
    this.moved(plot);
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < SMALLEST_DRAG) return;
    const from = Math.floor(plot.posToVal(left, 'x'));
    const to = Math.ceil(plot.posToVal(left + width, 'x'));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (to > from) this.options.onZoom({ from, to });
  }

  private drawBehind(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([]);
    // The more lie over each other, the fainter.
    const envelope = Math.round(Math.min(36, 140 / this.lines.length)).toString(16).padStart(2, '0');
    for (const { place, frame } of this.lines) {
      const color = this.options.hues[lineStyle(place).hue - 1]!;
      const faded = this.near !== null && this.lines.find((line) => line.run === this.near)?.place !== place;
      ctx.globalAlpha = faded ? FADED : 1;
      const at = (x: number, y: number): [number, number] => [plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true)];
      if (frame.banded) {
        ctx.fillStyle = color + envelope;
        for (const part of runsOfValues(frame.low)) {
          ctx.beginPath();
          for (const i of part) ctx.lineTo(...at(frame.x[i]!, frame.low[i]!));
          for (const i of part.toReversed()) ctx.lineTo(...at(frame.x[i]!, frame.high[i]!));
          ctx.fill();
        }
      }
      if (frame.smooth) {
        ctx.strokeStyle = color + '4d';
        for (const part of runsOfValues(frame.y)) {
          ctx.beginPath();
          for (const i of part) ctx.lineTo(...at(frame.x[i]!, frame.y[i]!));
          ctx.stroke();
        }
      }
    }
    ctx.restore();
  }

  private drawNotFinite(plot: uPlot): void {
    for (const { place, frame } of this.lines) drawMarks(plot, frame.marks, this.options.hues[lineStyle(place).hue - 1]!);
  }
}

/** Stretches of indices without a gap. */
function runsOfValues(values: readonly (number | null)[]): number[][] {
  const parts: number[][] = [];
  let open: number[] | null = null;
  values.forEach((value, i) => {
    if (value === null) open = null;
    else if (open) open.push(i);
    else parts.push((open = [i]));
  });
  return parts;
}

/** The index of the value that is nearest to `from`: a line has none at the steps of other runs, and none at all where it has ended. */
function nearestValue(values: ArrayLike<number | null | undefined>, from: number): number | null {
  const has = (at: number) => typeof values[at] === 'number';
  let before = from;
  let after = from;
  while (before >= 0 && !has(before)) before--;
  while (after < values.length && !has(after)) after++;
  if (before < 0 || after >= values.length) return null;
  return from - before <= after - from ? before : after;
}
