// Which points of curves have a place on their axes: on a logarithmic one nothing at or below 0 has.

export interface Curves {
  x: readonly number[];
  curves: readonly { y: readonly number[] }[];
  log_x: boolean;
  log_y: boolean;
}

export interface Places {
  x: number[];
  /** As they were logged, of those x; for who reads a value. */
  values: number[][];
  /** Null where there is a gap. */
  drawn: (number | null)[][];
  /** Finite points that are left out. */
  without: number;
}

export function places({ x, curves, log_x, log_y }: Curves): Places {
  const kept = x.flatMap((one, i) => (Number.isFinite(one) && (one > 0 || !log_x) ? [i] : []));
  const values = curves.map(({ y }) => kept.map((i) => y[i]!));
  const drawn = values.map((row) => row.map((value) => (Number.isFinite(value) && (value > 0 || !log_y) ? value : null)));
  const count = (rows: readonly (readonly (number | null)[])[]) => rows.reduce((sum, row) => sum + row.filter((one) => one !== null && Number.isFinite(one)).length, 0);
  return { x: kept.map((i) => x[i]!), values, drawn, without: count(curves.map(({ y }) => y)) - count(drawn) };
}
