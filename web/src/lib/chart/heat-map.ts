// Histograms of many steps side by side: a column for each step, dark where many values lie.

import { exact, plural, short, whole } from '../format/number';

export interface Bins {
  edges: readonly number[];
  counts: readonly number[];
}

export interface HeatMap {
  low: number;
  high: number;
  /** Columns of rows, from the lowest values up; each from 0 to 1, the densest row of its column being 1. */
  columns: number[][];
}

/** Bins of any width are laid over even rows: what a bin holds is spread over the rows that it covers. */
export function heatMap(histograms: readonly Bins[], rows: number): HeatMap {
  const low = Math.min(...histograms.map(({ edges }) => edges[0]!));
  const high = Math.max(...histograms.map(({ edges }) => edges[edges.length - 1]!));
  const size = (high - low) / rows || 1;
  const columns = histograms.map(({ edges, counts }) => {
    const column = new Array<number>(rows).fill(0);
    counts.forEach((count, bin) => {
      const [from, to] = [edges[bin]!, edges[bin + 1]!];
      const [first, last] = [(from - low) / size, (to - low) / size];
      const top = Math.min(rows - 1, Math.max(Math.floor(first), Math.ceil(last) - 1));
      for (let row = Math.min(rows - 1, Math.floor(first)); row <= top; row++) {
        const covered = last > first ? (Math.min(last, row + 1) - Math.max(first, row)) / (last - first) : 1;
        column[row]! += count * Math.max(0, covered);
      }
    });
    const densest = Math.max(...column);
    return densest > 0 ? column.map((value) => value / densest) : column;
  });
  return { low, high, columns };
}

/** A histogram in a sentence. */
export function describeBins(edges: readonly number[], counts: readonly number[], notFinite: number): string {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const odd = notFinite > 0 ? `, ${whole(notFinite)} not finite` : '';
  if (all === 0) return `no finite values${odd}`;
  const most = counts.indexOf(Math.max(...counts));
  return `${plural(all, 'value')} from ${short(edges[0])} to ${short(edges[edges.length - 1])}, most (${whole(counts[most])}) between ${short(edges[most])} and ${short(edges[most + 1])}${odd}`;
}

/** One bin, exactly. */
export function describeBin(edges: readonly number[], counts: readonly number[], bin: number): string {
  return `${exact(edges[bin])} to ${exact(edges[bin + 1])}: ${whole(counts[bin])}`;
}
