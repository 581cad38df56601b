// One run as its page shows it: read whole, then kept current by the feed.

import type { Artifact, ExhibitInfo } from '../../lib/api/exhibits';
import type { Consumer, Run, RunWhole } from '../../lib/api/model';
import { messageOf } from '../../lib/api/errors';
import { RunExhibits } from '../../lib/live/run-exhibits';
import { RunPoints } from '../../lib/live/run-points';
import { api, live } from '../../app/session.svelte';

const ARTIFACTS_PAUSE_MS = 3_000; // files are not in the feed, so they are read now and then while the run goes on

export class RunStore {
  run = $state.raw<RunWhole | null>(null);
  error = $state<string | null>(null);
  pointsError = $state<string | null>(null);
  /** Null before they were read. */
  exhibits = $state.raw<ExhibitInfo[] | null>(null);
  exhibitsError = $state<string | null>(null);
  artifacts = $state.raw<Artifact[] | null>(null);
  artifactsError = $state<string | null>(null);
  /** The runs that read an artifact of this one; null before they were read. */
  consumers = $state.raw<Consumer[] | null>(null);
  readonly points: RunPoints;
  readonly exhibited: RunExhibits;
  private release = () => {};
  private artifactsTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly stopListening: () => void;

  constructor(private readonly id: string) {
    this.points = new RunPoints(id, api, (error) => (this.pointsError = error === null ? null : messageOf(error)));
    this.exhibited = new RunExhibits(id, api);
    this.exhibited.watch(() => (this.exhibits = this.exhibited.list));
    this.stopListening = live.listen((message) => {
      if (message.type === 'gap') void this.refresh().then(() => this.points.readAgain());
      else if (message.type === 'run' && message.run.id === this.run?.id) this.changed(message.run);
      else if (message.type === 'points' && message.points.run === this.run?.id) this.points.add(message.points);
      else if (message.type === 'exhibit' && message.exhibit.run === this.run?.id) this.exhibited.add(message.exhibit);
    });
    void this.refresh();
  }

  close(): void {
    this.stopListening();
    this.release();
    this.points.close();
    this.exhibited.close();
    clearTimeout(this.artifactsTimer);
  }

  refresh = async (): Promise<void> => {
    try {
      const first = this.run === null;
      this.run = await api.run(this.id);
      this.error = null;
      // The address may hold only a prefix of the id; the feed wants all of it.
      if (first) this.release = live.wantPoints(this.run.id);
      void this.readExhibits();
      void this.readArtifacts();
    } catch (error) {
      this.error = messageOf(error);
    }
  };

  readExhibits = async (): Promise<void> => {
    try {
      await this.exhibited.read();
      this.exhibitsError = null;
    } catch (error) {
      this.exhibitsError = messageOf(error);
    }
  };

  readArtifacts = async (): Promise<void> => {
    clearTimeout(this.artifactsTimer);
    this.artifactsTimer = undefined;
    try {
      this.artifacts = await api.artifacts(this.id);
      this.artifactsError = null;
    } catch (error) {
      this.artifactsError = messageOf(error);
    }
  };

  /** Other runs' doing, so they are read when somebody looks. */
  readConsumers = async (): Promise<void> => {
    try {
      this.consumers = await api.consumers(this.id);
    } catch (error) {
      this.artifactsError = messageOf(error);
    }
  };

  changed(run: Run): void {
    const before = this.run;
    if (!before || run.version < before.version) return;
    this.run = { ...before, ...run };
    // Attempts, provenance and verdicts are not in the feed. The points are compared with the store once more when all is over.
    if (run.state !== before.state || run.attempt !== before.attempt || reachesBand(before, run)) void this.refresh();
    else if (run.task !== null) this.artifactsTimer ??= setTimeout(this.readArtifacts, ARTIFACTS_PAUSE_MS);
    if (run.ended_at !== before.ended_at || run.draining !== before.draining) this.points.readAgain();
  }
}

/** A point came that a reference band is about, so the hub can say whether it is inside. */
function reachesBand(before: RunWhole, run: Run): boolean {
  const count = (of: Run, metric: string) => of.metrics[metric]?.count ?? 0;
  return before.bands.some(({ metric, point }) => count(before, metric) < point && count(run, metric) >= point);
}
