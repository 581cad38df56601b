// The exhibits of one run: which there are, kept current by the feed, and the data of those that are looked at. Data never changes
// once it is stored, so it is read once; only a step that was logged again is read anew.

import type { Exhibit, ExhibitInfo } from '../api/exhibits';
import type { LiveExhibit } from './events';

export interface ExhibitSource {
  exhibits(run: string): Promise<ExhibitInfo[]>;
  exhibit(run: string, name: string, step: number, signal?: AbortSignal): Promise<Exhibit>;
}

const KEPT = 400; // of what was looked at; a picture of each step of a long run must not fill the memory
const AT_ONCE = 3; // a browser has six connections for a host, and the feed and the curves want theirs

export class RunExhibits {
  /** In order of name; null before the first answer. */
  list: ExhibitInfo[] | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly data = new Map<string, Promise<Exhibit>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private readonly abort = new AbortController();
  /** Events that came while the list was being read, for each reading of its own: two may be under way. */
  private readonly readings = new Set<LiveExhibit[]>();

  constructor(
    private readonly run: string,
    private readonly source: ExhibitSource,
  ) {}

  /** `listener` hears of each change of the list. */
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async read(): Promise<void> {
    const arrived: LiveExhibit[] = [];
    this.readings.add(arrived);
    try {
      const found = await this.source.exhibits(this.run);
      const changed = new Set<string>();
      for (const info of found) for (const entry of info.entries) if (this.timeOf(info.name, entry.step) !== entry.time) changed.add(key(info.name, entry.step));
      for (const stale of changed) this.data.delete(stale);
      this.list = found.map((info) => ({ ...info, entries: [...info.entries].sort((a, b) => a.step - b.step) })).sort((a, b) => compare(a.name, b.name));
      for (const event of arrived) this.insert(event);
      this.tell();
    } finally {
      this.readings.delete(arrived);
    }
  }

  add(event: LiveExhibit): void {
    for (const reading of this.readings) reading.push(event);
    if (this.list === null) return;
    this.insert(event);
    this.tell();
  }

  /** One exhibit with its data. */
  get(name: string, step: number): Promise<Exhibit> {
    const id = key(name, step);
    const known = this.data.get(id);
    if (known) {
      this.data.delete(id); // to the end: what was wanted last is kept longest
      this.data.set(id, known);
      return known;
    }
    const wanted = this.inTurn(() => this.source.exhibit(this.run, name, step, this.abort.signal));
    this.data.set(id, wanted);
    wanted.catch(() => this.data.get(id) === wanted && this.data.delete(id));
    for (const oldest of this.data.keys()) {
      if (this.data.size <= KEPT) break;
      this.data.delete(oldest);
    }
    return wanted;
  }

  close(): void {
    this.abort.abort();
    this.listeners.clear();
    this.waiting.length = 0;
  }

  private insert({ name, kind, step }: LiveExhibit): void {
    const entry = { step, time: Date.now(), attempt: 0 }; // the exhibit itself says both exactly
    this.data.delete(key(name, step));
    const list = this.list ?? [];
    const at = list.findIndex((info) => info.name === name);
    if (at < 0) {
      this.list = [...list, { name, kind, entries: [entry] }].sort((a, b) => compare(a.name, b.name));
      return;
    }
    const { entries } = list[at]!;
    this.list = list.with(at, { name, kind, entries: [...entries.filter((other) => other.step !== step), entry].sort((a, b) => a.step - b.step) });
  }

  private timeOf(name: string, step: number): number | undefined {
    return this.list?.find((info) => info.name === name)?.entries.find((entry) => entry.step === step)?.time;
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    else this.running++;
    try {
      return await task();
    } finally {
      // A turn is handed on as it is, so that nobody slips in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** At most `count` of the entries, spread evenly, the first and the newest among them. */
export function spread<T>(entries: readonly T[], count: number): T[] {
  if (entries.length <= count) return [...entries];
  return Array.from({ length: count }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (count - 1))]!);
}

const key = (name: string, step: number) => `${step} ${name}`;
const compare = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
