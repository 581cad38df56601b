// The page of runs that the table shows: read from the hub, then kept current by the feed without moving a row.

import type { Run, Task } from '../../lib/api/model';
import { messageOf } from '../../lib/api/errors';
import { PAGE_SIZE } from '../../lib/url/runs-query';
import type { RunsQuery } from '../../lib/url/runs-query';
import { api, live } from '../../app/session.svelte';
import { chooseColumns } from './columns';
import type { MetricColumn } from './columns';

const SOON_MS = 250;

export class RunsStore {
  runs = $state.raw<Run[]>([]);
  total = $state(0);
  /** The rows as last read: columns follow these, so that they stay while figures come in. */
  private fetched = $state.raw<Run[]>([]);
  tasks = $state.raw<Task[]>([]);
  columns = $derived<MetricColumn[]>(chooseColumns(this.fetched, this.tasks));
  /** False until the first answer; from then on the old rows stay until the new ones are there. */
  loaded = $state(false);
  error = $state<string | null>(null);
  /** Runs that began elsewhere and would move the rows under the pointer. */
  waiting = $state(0);
  private query: RunsQuery | null = null;
  private asked: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly newcomers = new Set<string>();
  private readonly stopListening: () => void;

  /** `busy` says whether someone is using the table, so that rows must not move now. */
  constructor(private readonly busy: () => boolean) {
    this.stopListening = live.listen((message) => {
      if (message.type === 'run') this.changed(message.run);
      else if (message.type === 'gap') this.refreshSoon();
    });
  }

  show(query: RunsQuery): void {
    this.query = query;
    void this.refresh();
  }

  close(): void {
    this.stopListening();
    this.asked?.abort();
    clearTimeout(this.timer);
  }

  refresh = async (): Promise<void> => {
    const { query } = this;
    if (!query) return;
    clearTimeout(this.timer);
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    try {
      const page = await api.runs(
        {
          experiment: query.experiment ?? undefined,
          state: query.states.join(','),
          search: query.search,
          sort: query.sort,
          order: query.order,
          limit: PAGE_SIZE,
          offset: query.offset,
        },
        asked.signal,
      );
      this.runs = page.runs;
      this.total = page.total;
      this.fetched = page.runs;
      this.loaded = true;
      this.error = null;
      this.newcomers.clear();
      this.waiting = 0;
    } catch (error) {
      if (!asked.signal.aborted) this.error = messageOf(error);
    }
  };

  private changed(run: Run): void {
    const at = this.runs.findIndex((shown) => shown.id === run.id);
    if (at < 0) {
      if (this.belongs(run)) this.arrived(run);
      return;
    }
    const before = this.runs[at]!;
    if (run.version < before.version) return;
    this.runs = this.runs.with(at, run);
    if (run.deleted) this.refreshSoon();
  }

  private arrived(run: Run): void {
    if (this.newcomers.has(run.id)) return;
    this.newcomers.add(run.id);
    if (this.busy()) this.waiting = this.newcomers.size;
    else this.refreshSoon();
  }

  private belongs(run: Run): boolean {
    const { query } = this;
    if (!query || run.deleted || query.offset > 0 || query.search) return false;
    return (!query.experiment || run.experiment_id === query.experiment) && (query.states.length === 0 || query.states.includes(run.state));
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.refresh, SOON_MS);
  }
}
