// The objects of the HTTP API. tests/contract holds a sample of each; model.test.ts reads them with these decoders.

import { boolean, list, literal, nullable, number, object, record, ShapeError, string, unknown, value } from './decode';
import type { Decoder, Infer } from './decode';

export const STATES = ['QUEUED', 'RUNNING', 'FINISHED', 'FAILED', 'STOPPED', 'DIVERGED'] as const;
export type RunState = (typeof STATES)[number];

export const metricSummary = object({
  last: value,
  last_step: number,
  min: nullable(value),
  max: nullable(value),
  count: number,
});
export type MetricSummary = Infer<typeof metricSummary>;

const progress = object({
  step: nullable(number),
  steps: nullable(number),
  epoch: nullable(number),
  epochs: nullable(number),
});
export type Progress = Infer<typeof progress>;

const runFields = {
  id: string,
  name: string,
  experiment_id: string,
  experiment: string,
  state: literal(...STATES),
  reason: nullable(string),
  task: nullable(string),
  params: record(unknown),
  seed: nullable(number),
  tags: record(string),
  notes: string,
  created_at: number,
  started_at: nullable(number),
  ended_at: nullable(number),
  attempt: number,
  stopping: boolean,
  draining: boolean,
  unreachable_since: nullable(number),
  lost_points: number,
  rerun_of: nullable(string),
  options: record(string),
  /** The checkpoint from which the latest attempt went on, or a queued one will. */
  resume_from: nullable(string),
  deleted: boolean,
  progress: nullable(progress),
  version: number,
  metrics: record(metricSummary),
};
export const run = object(runFields);
export type Run = Infer<typeof run>;

export const runsPage = object({ runs: list(run), total: number });
export type RunsPage = Infer<typeof runsPage>;

interface ParamBase {
  name: string;
  help: string;
}
export interface RealParam extends ParamBase {
  type: 'real' | 'int';
  default: number | null;
  min: number | null;
  max: number | null;
  min_exclusive: boolean;
}
export interface FlagParam extends ParamBase {
  type: 'flag';
  default: boolean | null;
}
export interface ChoiceParam extends ParamBase {
  type: 'choice';
  default: string | null;
  choices: string[];
}
export interface TextParam extends ParamBase {
  type: 'text';
  default: string | null;
  max_length: number | null;
}
/** A file that another run keeps: its id, a slash and the path. */
export interface ArtifactParam extends ParamBase {
  type: 'artifact';
  default: string | null;
}
export interface ListParam extends ParamBase {
  type: 'list';
  default: unknown[] | null;
  min_size: number | null;
  max_size: number | null;
  element: Param;
}
export interface OptionalParam extends ParamBase {
  type: 'optional';
  default: unknown;
  element: Param;
}
/** A type that this page does not know yet; the form offers it as JSON text. */
export interface OtherParam extends ParamBase {
  type: 'other';
  default: unknown;
}
export type Param = RealParam | FlagParam | ChoiceParam | TextParam | ArtifactParam | ListParam | OptionalParam | OtherParam;

const bounds = { default: nullable(number), min: nullable(number), max: nullable(number) };
const paramKinds: Record<string, (json: unknown, path: string) => object> = {
  real: object(bounds),
  int: object(bounds),
  flag: object({ default: nullable(boolean) }),
  choice: object({ default: nullable(string), choices: list(string) }),
  text: object({ default: nullable(string), max_length: nullable(number) }),
  artifact: object({ default: nullable(string) }),
  list: (json, path) =>
    object({ default: nullable(list(unknown)), min_size: nullable(number), max_size: nullable(number), element: param })(json, path),
  optional: (json, path) => object({ default: unknown, element: param })(json, path),
};

export const param: Decoder<Param> = (json, path) => {
  const { name, help, type, min_exclusive } = object({
    name: string,
    help: nullable(string),
    type: string,
    min_exclusive: nullable(boolean),
  })(json, path);
  const kind = paramKinds[type];
  if (!kind) return { name, help: help ?? '', type: 'other', default: (json as { default?: unknown }).default ?? null };
  return { name, help: help ?? '', type, min_exclusive: min_exclusive ?? false, ...kind(json, `${path}.${name}`) } as Param;
};

const predictor = object({ width: number, height: number, channels: number });

/** What others have reached, and whether this run is inside; step, value and inside are null until the point is there. */
const runBand = object({
  metric: string,
  point: number,
  low: number,
  high: number,
  source: string,
  step: nullable(number),
  value: nullable(value),
  inside: nullable(boolean),
});
export type RunBand = Infer<typeof runBand>;

/** An artifact of another run that a run reads, as it was at the launch. */
const runInput = object({ param: string, run: string, run_name: nullable(string), path: string, sha256: string, size: number });
export type RunInput = Infer<typeof runInput>;

/** A run that reads an artifact of this one. */
const consumer = object({ run: string, run_name: string, task: nullable(string), state: literal(...STATES), created_at: number, param: string, path: string, sha256: string, size: number });
export type Consumer = Infer<typeof consumer>;
export const consumers = object({ consumers: list(consumer) });

const attempt = object({
  number: number,
  started_at: nullable(number),
  ended_at: nullable(number),
  from_step: nullable(number),
  agent: nullable(string),
  pid: nullable(number),
  outcome: nullable(string),
});
export type Attempt = Infer<typeof attempt>;

export const runWhole = object({
  ...runFields,
  provenance: record(unknown),
  attempts: list(attempt),
  param_specs: list(param),
  log: object({ size: number, dropped_bytes: number }),
  resumable: boolean,
  predictor: nullable(predictor),
  /** Its model goes on with texts and says how likely they are. */
  language_model: boolean,
  bands: list(runBand),
  inputs: list(runInput),
});
export type RunWhole = Infer<typeof runWhole>;

export const experiment = object({
  id: string,
  name: string,
  created_at: number,
  deleted: boolean,
  runs: number,
  tags: record(string),
});
export type Experiment = Infer<typeof experiment>;
export const experiments = object({ experiments: list(experiment) });

export const task = object({
  id: string,
  title: string,
  description: nullable(string),
  available: boolean,
  reason: nullable(string),
  plugin: object({ file: string, version: nullable(string), sha256: string }),
  params: list(param),
  metrics: list(object({ name: string, goal: literal('MINIMIZE', 'MAXIMIZE', 'NONE'), timed: boolean })),
  /** The metric that judges its checkpoints. */
  best: nullable(string),
});
export type Task = Infer<typeof task>;
export const tasks = object({ tasks: list(task) });

export const plugin = object({
  file: string,
  state: literal('LOADED', 'REJECTED', 'INSPECTING'),
  reason: nullable(string),
  sha256: nullable(string),
  version: nullable(string),
  spi: nullable(number),
  tasks: list(string),
  size: nullable(number),
});
export type Plugin = Infer<typeof plugin>;
export const plugins = object({ plugins: list(plugin) });

export const hub = object({
  version: string,
  started_at: number,
  now: number,
  home: string,
  url: nullable(string),
  slots: number,
  queued: number,
  running: number,
  roles: list(string),
  jdk: string,
  os: string,
  instance: string,
});
export type Hub = Infer<typeof hub>;

const rawSeries = object({ name: string, raw: unknown, count: number, steps: list(number), times: list(number), values: list(value) });
const buckets = object({
  first_step: list(number),
  last_step: list(number),
  first_time: list(number),
  last_time: list(number),
  count: list(number),
  min: list(nullable(number)),
  max: list(nullable(number)),
  mean: list(nullable(number)),
  first: list(value),
  last: list(value),
  nan: list(number),
  pos_inf: list(number),
  neg_inf: list(number),
});
const bucketSeries = object({ name: string, raw: unknown, count: number, buckets });
export type RawSeries = Omit<Infer<typeof rawSeries>, 'raw'> & { raw: true };
export type BucketSeries = Omit<Infer<typeof bucketSeries>, 'raw'> & { raw: false };
export type Series = RawSeries | BucketSeries;

export const series: Decoder<Series> = (json, path) => {
  const raw = (json as { raw?: unknown } | null)?.raw;
  if (raw === true) return rawSeries(json, path) as RawSeries;
  if (raw === false) return bucketSeries(json, path) as BucketSeries;
  throw new ShapeError(`${path}.raw`, 'true or false', raw);
};
export const points = object({ run: string, version: number, series: list(series) });
export type Points = Infer<typeof points>;

export const seriesInfo = object({
  name: string,
  count: number,
  nan: number,
  pos_inf: number,
  neg_inf: number,
  first_step: number,
  last_step: number,
  last: value,
  min: nullable(value),
  max: nullable(value),
  last_time: number,
});
export type SeriesInfo = Infer<typeof seriesInfo>;
export const seriesList = object({ series: list(seriesInfo) });

export const log = object({ from: number, next: number, size: number, dropped_bytes: number, text: string, done: boolean });
export type Log = Infer<typeof log>;

export const problem = object({
  title: nullable(string),
  status: nullable(number),
  detail: nullable(string),
  errors: nullable(list(object({ field: string, message: string }))),
});
export type Problem = Infer<typeof problem>;
