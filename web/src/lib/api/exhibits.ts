// What a run shows beside its curves, the files that it keeps, and what its model answers.

import { boolean, list, nullable, number, object, ShapeError, string, value } from './decode';
import type { Decoder, Infer } from './decode';

const entry = object({ step: number, time: number, attempt: number });
export type ExhibitEntry = Infer<typeof entry>;

/** One name with all its steps; `kind` may be one that this page does not know yet. */
const exhibitInfo = object({ name: string, kind: string, entries: list(entry) });
export type ExhibitInfo = Infer<typeof exhibitInfo>;
export const exhibits = object({ exhibits: list(exhibitInfo) });

const picture = object({ width: number, height: number, channels: number, pixels: string, caption: nullable(string) });
export type Picture = Infer<typeof picture>;

/** A gap in a curve is NaN, whichever way it is said. */
const gappy: Decoder<number> = (json, path) => (json === null ? NaN : value(json, path));

/** What older runners did not say. */
const unlessSaid: Decoder<boolean> = (json, path) => (json === undefined ? false : boolean(json, path));

const kinds = {
  text: object({ text: string }),
  histogram: object({ edges: list(number), counts: list(number), not_finite: number }),
  curves: object({ x_label: string, y_label: string, x: list(gappy), curves: list(object({ name: string, y: list(gappy) })), log_x: unlessSaid, log_y: unlessSaid }),
  matrix: object({ row_label: string, rows: list(string), column_label: string, columns: list(string), counts: list(list(number)) }),
  table: object({ columns: list(string), rows: list(list(string)) }),
  images: object({ pictures: list(picture) }),
};
type Kinds = typeof kinds;
export type Kind = keyof Kinds;
export type ExhibitData<K extends Kind> = Infer<Kinds[K]>;

interface Shown {
  name: string;
  step: number;
  time: number;
  attempt: number;
}
export type Exhibit = { [K in Kind]: Shown & { kind: K; data: ExhibitData<K> } }[Kind] | (Shown & { kind: 'other'; data: unknown });

const head = object({ name: string, kind: string, step: number, time: number, attempt: number });

export const exhibit: Decoder<Exhibit> = (json, path) => {
  const { kind, ...shown } = head(json, path);
  const { data } = json as { data?: unknown };
  if (!(kind in kinds)) return { ...shown, kind: 'other', data };
  const decoded = kinds[kind as Kind](data, path ? `${path}.data` : 'data');
  const wrong = misfit(kind as Kind, decoded);
  if (wrong) throw new ShapeError(path ? `${path}.data` : 'data', wrong, data);
  return { ...shown, kind, data: decoded } as Exhibit;
};

/** Parts that must be as long as each other; a page that draws them relies on it. */
function misfit(kind: Kind, data: unknown): string | null {
  if (kind === 'histogram') {
    const { edges, counts } = data as ExhibitData<'histogram'>;
    return edges.length === counts.length + 1 ? null : 'a histogram with one edge more than bins';
  }
  if (kind === 'curves') {
    const { x, curves } = data as ExhibitData<'curves'>;
    return curves.every(({ y }) => y.length === x.length) ? null : 'curves with as many values as x has';
  }
  if (kind === 'matrix') {
    const { rows, columns, counts } = data as ExhibitData<'matrix'>;
    return counts.length === rows.length && counts.every((row) => row.length === columns.length) ? null : 'a matrix with a count for each pair';
  }
  return null;
}

export const artifact = object({
  path: string,
  size: number,
  sha256: string,
  step: nullable(number),
  time: number,
  attempt: number,
  role: nullable(string),
  epoch: nullable(number),
  epoch_done: nullable(number),
});
export type Artifact = Infer<typeof artifact>;
export const artifacts = object({ artifacts: list(artifact) });

/** What can be asked, the best first: there is one where a metric judges. */
export function checkpointRoles(kept: readonly Artifact[]): string[] {
  return ['best', 'last'].filter((role) => kept.some((one) => one.role === role));
}

const score = object({ label: string, probability: value });
export type Score = Infer<typeof score>;
const prediction = object({ picture, scores: list(score) });
export type Prediction = Infer<typeof prediction>;
export const predictions = object({ predictions: list(prediction), checkpoint: artifact });
export type Predictions = Infer<typeof predictions>;

/** `text` goes on right behind `prefix`. */
export const generated = object({ prefix: string, text: string, length: number, temperature: number, seed: number, checkpoint: artifact });
export type Generated = Infer<typeof generated>;

/** `given` has only the last of the `given_count` tokens that the probability depends on. */
const factor = object({ token: string, given: list(string), given_count: number, probability: value });
export type Factor = Infer<typeof factor>;
export const scored = object({ text: string, factors: list(factor), log_likelihood: value, perplexity: value, checkpoint: artifact });
export type Scored = Infer<typeof scored>;
