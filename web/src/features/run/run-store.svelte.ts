// One run as its page shows it: read whole, then kept current by the feed.

import type { Run, RunWhole } from '../../lib/api/model';
import { messageOf } from '../../lib/api/errors';
import { RunPoints } from '../../lib/live/run-points';
import { api, live } from '../../app/session.svelte';

export class RunStore {
  run = $state.raw<RunWhole | null>(null);
  error = $state<string | null>(null);
  pointsError = $state<string | null>(null);
  readonly points: RunPoints;
  private release = () => {};
  private readonly stopListening: () => void;

  constructor(private readonly id: string) {
    this.points = new RunPoints(id, api, (error) => (this.pointsError = error === null ? null : messageOf(error)));
    this.stopListening = live.listen((message) => {
      if (message.type === 'gap') void this.refresh().then(() => this.points.readAgain());
      else if (message.type === 'run' && message.run.id === this.run?.id) this.changed(message.run);
      else if (message.type === 'points' && message.points.run === this.run?.id) this.points.add(message.points);
    });
    void this.refresh();
  }

  close(): void {
    this.stopListening();
    this.release();
    this.points.close();
  }

  refresh = async (): Promise<void> => {
    try {
      const first = this.run === null;
      this.run = await api.run(this.id);
      this.error = null;
      // The address may hold only a prefix of the id; the feed wants all of it.
      if (first) this.release = live.wantPoints(this.run.id);
    } catch (error) {
      this.error = messageOf(error);
    }
  };

  changed(run: Run): void {
    const before = this.run;
    if (!before || run.version < before.version) return;
    this.run = { ...before, ...run };
    // Attempts and provenance are not in the feed. The points are compared with the store once more when all is over.
    if (run.state !== before.state || run.attempt !== before.attempt) void this.refresh();
    if (run.ended_at !== before.ended_at || run.draining !== before.draining) this.points.readAgain();
  }
}
