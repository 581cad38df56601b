// One method for each route that the dashboard uses.

import * as x from './exhibits';
import * as m from './model';
import type { Decoder } from './decode';
import { ApiError, fromResponse, unreachable } from './errors';

export interface RunsRequest {
  experiment?: string | undefined;
  state?: string | undefined;
  task?: string | undefined;
  search?: string | undefined;
  sort?: string | undefined;
  order?: string | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

export interface LaunchRequest {
  task: string;
  params: Record<string, unknown>;
  seed?: number;
  name?: string;
  data?: string;
  options?: Record<string, string>;
}

export interface GenerateRequest {
  prefix: string;
  length: number;
  temperature: number;
  /** Left out: the hub draws one, and tells it. */
  seed?: number;
  checkpoint: string;
}

export interface PointsRequest {
  names: string[];
  from?: number | undefined;
  to?: number | undefined;
  max: number;
}

type Query = Record<string, string | number | string[] | undefined>;

export class Api {
  constructor(private readonly fetcher: typeof fetch = (input, init) => fetch(input, init)) {}

  hub = () => this.get('/hub', m.hub);
  tasks = async () => (await this.get('/tasks', m.tasks)).tasks;
  plugins = async () => (await this.get('/plugins', m.plugins)).plugins;
  experiments = async () => (await this.get('/experiments', m.experiments)).experiments;
  runs = (request: RunsRequest, signal?: AbortSignal) => this.get('/runs', m.runsPage, { ...request }, signal);
  run = (id: string) => this.get(`/runs/${id}`, m.runWhole);
  series = async (id: string) => (await this.get(`/runs/${id}/series`, m.seriesList)).series;

  points(id: string, request: PointsRequest, signal?: AbortSignal): Promise<m.Points> {
    const { names, from, to, max } = request;
    return this.get(`/runs/${id}/points`, m.points, { name: names, from, to, max }, signal);
  }

  exhibits = async (id: string) => (await this.get(`/runs/${id}/exhibits`, x.exhibits)).exhibits;
  exhibit = (id: string, name: string, step: number, signal?: AbortSignal) => this.get(`/runs/${id}/exhibit`, x.exhibit, { name, step }, signal);
  artifacts = async (id: string) => (await this.get(`/runs/${id}/artifacts`, x.artifacts)).artifacts;
  consumers = async (id: string) => (await this.get(`/runs/${id}/consumers`, m.consumers)).consumers;
  log = (id: string, from: number, limit = 65536) => this.get(`/runs/${id}/log`, m.log, { from, limit });

  createExperiment = (name: string) => this.send('POST', '/experiments', m.experiment, { name });
  launch = (experiment: string, request: LaunchRequest) => this.send('POST', `/experiments/${experiment}/runs`, m.run, request);
  rerun = (id: string) => this.send('POST', `/runs/${id}/rerun`, m.run, {});
  stop = (id: string, force: boolean) => this.send('POST', `/runs/${id}/stop`, m.run, { force });
  resume = (id: string) => this.send('POST', `/runs/${id}/resume`, m.run, {});
  predict = (id: string, images: string[], checkpoint: string) => this.send('POST', `/runs/${id}/predict`, x.predictions, { images, checkpoint });
  generate = (id: string, request: GenerateRequest) => this.send('POST', `/runs/${id}/generate`, x.generated, request);
  score = (id: string, text: string, checkpoint: string) => this.send('POST', `/runs/${id}/score`, x.scored, { text, checkpoint });
  rename = (id: string, name: string) => this.send('PATCH', `/runs/${id}`, m.run, { name });
  deleteRun = (id: string) => this.send('DELETE', `/runs/${id}`, nothing);
  restoreRun = (id: string) => this.send('POST', `/runs/${id}/restore`, nothing);

  private get<T>(path: string, decode: Decoder<T>, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.call(path + queryString(query), { signal: signal ?? null }, decode);
  }

  private send<T>(method: string, path: string, decode: Decoder<T>, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (method === 'POST') headers['Idempotency-Key'] = randomKey();
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return this.call(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) }, decode);
  }

  private async call<T>(path: string, init: RequestInit, decode: Decoder<T>): Promise<T> {
    let response: Response;
    try {
      response = await this.fetcher('/api/v1' + path, { credentials: 'same-origin', ...init });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw unreachable(cause);
    }
    if (!response.ok) throw await fromResponse(response);
    const text = await response.text();
    try {
      return decode(text === '' ? null : JSON.parse(text), '');
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ApiError(response.status, `The hub answered in a way that this page does not understand: ${why}. Reload the page.`, []);
    }
  }
}

/** Where the bytes of an artifact are; a path's slashes stay. */
export function artifactUrl(run: string, path: string): string {
  return `/api/v1/runs/${run}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
}

const nothing: Decoder<null> = () => null;

function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, item] of Object.entries(query)) {
    if (item === undefined || item === '') continue;
    for (const one of Array.isArray(item) ? item : [item]) search.append(key, String(one));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

/** `crypto.randomUUID` exists only in secure contexts, and a hub on a LAN address is none. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
