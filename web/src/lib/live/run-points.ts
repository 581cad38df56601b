// The points of one run that its charts show: reads them from the store, adds the live ones, and reads again where something was
// missed. A zoom is a second layer with finer points of its range beside the layer of the whole run, so that zooming out is instant.

import type { Points } from '../api/model';
import type { PointsRequest } from '../api/client';
import type { LivePoints } from './events';
import { SeriesBuffer } from './series-buffer';
import type { StepRange } from './series-buffer';

export interface PointsSource {
  points(run: string, request: PointsRequest, signal?: AbortSignal): Promise<Points>;
}

interface Layer {
  range: StepRange | null;
  buffers: Map<string, SeriesBuffer>;
  stale: Set<string>;
}

const MAX_POINTS = 1_500; // a chart is rarely wider in pixels
const ROOM = 2.7; // live points beyond what was read, before neighbours are merged
const NAMES_PER_REQUEST = 40; // keeps addresses short
const PAUSE_MS = 400; // between two readings of a run that logs faster than the feed tells
const RETRY_MS = 2_000;

export class RunPoints {
  private readonly listeners = new Map<string, Set<() => void>>();
  private full: Layer = newLayer(null);
  private zoomed: Layer | null = null;
  private attempt: number | null = null;
  private arrivedWhileReading: LivePoints[] | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastRead = -Infinity;
  private readonly abort = new AbortController();
  private failed: unknown = null;

  constructor(
    private readonly run: string,
    private readonly source: PointsSource,
    private readonly onError: (error: unknown) => void = () => {},
    private readonly maxPoints = MAX_POINTS,
  ) {}

  /** A chart of `name` is in sight; `listener` hears of each change. */
  watch(name: string, listener: () => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.listeners.set(name, listeners);
    for (const layer of this.layers()) this.ensure(layer, name);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.listeners.delete(name);
      // Not fed while out of sight, so it is read afresh when it comes back.
      for (const layer of this.layers()) layer.stale.delete(name);
    };
  }

  /** What to draw for `name`: the zoomed points once they are there, until then those of the whole run. */
  buffer(name: string): SeriesBuffer | undefined {
    const fine = this.zoomed?.buffers.get(name);
    return fine && fine.version >= 0 ? fine : this.full.buffers.get(name);
  }

  zoom(range: StepRange | null): void {
    this.zoomed = range && newLayer(range);
    for (const name of this.listeners.keys()) {
      if (this.zoomed) this.ensure(this.zoomed, name);
      this.tell(name);
    }
  }

  add(event: LivePoints): void {
    if (event.attempt !== null) {
      if (this.attempt !== null && event.attempt !== this.attempt) this.readAgain();
      this.attempt = event.attempt;
    }
    this.arrivedWhileReading?.push(event);
    for (const layer of this.layers()) {
      for (const name of this.listeners.keys()) {
        const buffer = layer.buffers.get(name);
        if (buffer && buffer.version >= 0 && !buffer.apply(event)) layer.stale.add(name);
      }
    }
    for (const series of event.series ?? []) this.tell(series.name);
    this.schedule();
  }

  /** Something was missed: all that is shown is read from the store. */
  readAgain(): void {
    for (const layer of this.layers()) for (const name of this.listeners.keys()) layer.stale.add(name);
    this.schedule();
  }

  close(): void {
    clearTimeout(this.timer);
    this.abort.abort();
    this.listeners.clear();
  }

  private ensure(layer: Layer, name: string): void {
    if (!layer.buffers.has(name)) layer.buffers.set(name, new SeriesBuffer(name, layer.range, Math.round(this.maxPoints * ROOM)));
    layer.stale.add(name);
    this.schedule();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.arrivedWhileReading || !this.layers().some((layer) => layer.stale.size > 0)) return;
    const pause = this.failed ? RETRY_MS : Math.max(0, this.lastRead + PAUSE_MS - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.read();
    }, pause);
  }

  private async read(): Promise<void> {
    this.lastRead = performance.now();
    this.arrivedWhileReading = [];
    try {
      // What is looked at comes first.
      for (const layer of this.layers().reverse()) await this.readLayer(layer);
      if (this.failed) this.onError(null);
      this.failed = null;
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.failed = error;
      this.onError(error);
    } finally {
      this.arrivedWhileReading = null;
    }
    this.schedule();
  }

  private async readLayer(layer: Layer): Promise<void> {
    while (layer.stale.size > 0) {
      const names = [...layer.stale].slice(0, NAMES_PER_REQUEST);
      const { from, to } = layer.range ?? {};
      const answer = await this.source.points(this.run, { names, from, to, max: this.maxPoints }, this.abort.signal);
      const found = new Map(answer.series.map((series) => [series.name, series]));
      for (const name of names) {
        layer.stale.delete(name);
        const buffer = layer.buffers.get(name);
        if (!buffer) continue;
        buffer.load(found.get(name), answer.version);
        for (const event of this.arrivedWhileReading ?? []) if (!buffer.apply(event)) layer.stale.add(name);
        this.tell(name);
      }
      if (names.some((name) => layer.stale.has(name))) return; // missed again meanwhile: read after a pause
    }
  }

  private layers(): Layer[] {
    return this.zoomed ? [this.full, this.zoomed] : [this.full];
  }

  private tell(name: string): void {
    for (const listener of this.listeners.get(name) ?? []) listener();
  }
}

function newLayer(range: StepRange | null): Layer {
  return { range, buffers: new Map(), stale: new Set() };
}
