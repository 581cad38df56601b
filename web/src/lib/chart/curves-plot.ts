// An exhibit's curves on a canvas: any x, a few named lines, one cursor over all.

import uPlot from 'uplot';
import { lineStyle } from './compare-lines';
import { numberAxis, valueAxis, yRange } from './plot-parts';

export interface CurvesPlotOptions {
  logX: boolean;
  logY: boolean;
  width: number;
  height: number;
  hues: string[];
  colors: { text: string; grid: string };
  onCursor: (index: number | null) => void;
}

export class CurvesPlot {
  private plot: uPlot;

  constructor(
    private readonly target: HTMLElement,
    private readonly options: CurvesPlotOptions,
  ) {
    this.plot = this.make([[]], options.width, options.height);
  }

  /** What has no place is null. */
  draw(x: readonly number[], curves: readonly (readonly (number | null)[])[]): void {
    const data = [x, ...curves] as uPlot.AlignedData;
    if (data.length === this.plot.series.length) return this.plot.setData(data);
    const { width, height } = this.plot;
    this.plot.destroy();
    this.plot = this.make(data, width, height);
  }

  resize(width: number, height: number): void {
    if (width !== this.plot.width || height !== this.plot.height) this.plot.setSize({ width, height });
  }

  moveCursor(index: number | null): void {
    const x = index === null ? undefined : this.plot.data[0][index];
    if (x === undefined) this.plot.setCursor({ left: -10, top: -10 });
    else this.plot.setCursor({ left: this.plot.valToPos(x, 'x'), top: this.plot.over.clientHeight / 2 });
  }

  destroy(): void {
    this.plot.destroy();
  }

  private make(data: uPlot.AlignedData, width: number, height: number): uPlot {
    const { logX, logY, hues, colors, onCursor } = this.options;
    const series = data.slice(1).map((_, place): uPlot.Series => {
      const { hue, dash } = lineStyle(place);
      return { stroke: hues[hue - 1]!, dash: [...dash], width: 1.75, points: { show: false } };
    });
    return new uPlot(
      {
        width,
        height,
        legend: { show: false },
        padding: [10, 18, 0, 0],
        scales: {
          x: { time: false, distr: logX ? 3 : 1, range: (_, min, max) => xRange(min, max, logX) },
          y: { distr: logY ? 3 : 1, range: (_, min, max) => yRange(min, max, logY) },
        },
        series: [{}, ...series],
        axes: [numberAxis(colors, logX), valueAxis(colors, logY)],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 }, bind: { dblclick: () => null } },
        hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
      },
      data,
      this.target,
    );
  }
}

/** From the first to the last, and something around a single one. */
function xRange(min: number | null, max: number | null, log: boolean): uPlot.Range.MinMax {
  if (min === null || max === null) return log ? [1, 10] : [0, 1];
  if (min < max) return [min, max];
  return log ? [min / 2, max * 2] : [min - 1, max + 1];
}
