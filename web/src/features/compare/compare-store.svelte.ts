// The runs of a comparison: each read whole, then kept current by the feed, with its points.

import type { Run, RunWhole, Task } from '../../lib/api/model';
import { messageOf } from '../../lib/api/errors';
import { RunPoints } from '../../lib/live/run-points';
import { api, live } from '../../app/session.svelte';

export interface ComparedRun {
  place: number;
  run: RunWhole;
  points: RunPoints;
}

interface Member {
  place: number;
  wanted: string;
  points: RunPoints | null;
  release: () => void;
}

const ALL_POINTS = 6_000; // of all curves of a chart together: 20 of them still draw within a frame
const MOST_POINTS = 1_500;
const LEAST_POINTS = 300;

export class CompareStore {
  runs = $state.raw<ComparedRun[]>([]);
  tasks = $state.raw<Task[]>([]);
  /** What could not be read, by the id that was asked for. */
  errors = $state.raw<{ id: string; message: string }[]>([]);
  loaded = $state(false);
  private members: Member[] = [];
  private readonly stopListening: () => void;

  constructor() {
    this.stopListening = live.listen((message) => {
      if (message.type === 'gap') void this.readAgain();
      else if (message.type === 'run') this.changed(message.run);
      else if (message.type === 'points') this.runs.find(({ run }) => run.id === message.points.run)?.points.add(message.points);
    });
    // Without it no value is marked as the best.
    api.tasks().then(
      (tasks) => (this.tasks = tasks),
      () => {},
    );
  }

  /** Shows the runs at these places; those that are there already stay as they are. */
  async show(places: readonly (string | null)[]): Promise<void> {
    const before = this.members;
    const kept = (member: Member) => places[member.place] === member.wanted;
    for (const gone of before.filter((member) => !kept(member))) {
      gone.release();
      gone.points?.close();
    }
    const added: Member[] = [];
    places.forEach((wanted, place) => {
      if (wanted !== null && !before.some((member) => kept(member) && member.place === place)) added.push({ place, wanted, points: null, release: () => {} });
    });
    this.members = [...before.filter(kept), ...added];
    const members = this.members;
    this.runs = this.runs.filter(({ place, points }) => members.some((member) => member.place === place && member.points === points));
    this.errors = this.errors.filter(({ id }) => places.includes(id));
    const budget = Math.max(LEAST_POINTS, Math.min(MOST_POINTS, Math.floor(ALL_POINTS / Math.max(1, members.length))));
    await Promise.all(added.map((member) => this.read(member, budget)));
    if (this.members === members) this.loaded = true;
  }

  retry = (): void => {
    this.errors = [];
    const places = this.members.map(({ place, wanted }) => ({ place, wanted }));
    const wanted: (string | null)[] = [];
    for (const { place, wanted: id } of places) wanted[place] = id;
    this.members = this.members.filter((member) => member.points !== null);
    void this.show(Array.from(wanted, (id) => id ?? null));
  };

  close(): void {
    this.stopListening();
    for (const member of this.members) {
      member.release();
      member.points?.close();
    }
    this.members = [];
  }

  private async read(member: Member, budget: number): Promise<void> {
    try {
      const run = await api.run(member.wanted);
      if (!this.members.includes(member)) return;
      // Two beginnings of one id are one run.
      if (this.runs.some((other) => other.run.id === run.id)) return;
      member.points = new RunPoints(run.id, api, (error) => this.blame(member.wanted, error), budget);
      member.release = live.wantPoints(run.id);
      this.runs = [...this.runs, { place: member.place, run, points: member.points }].sort((a, b) => a.place - b.place);
    } catch (error) {
      if (this.members.includes(member)) this.blame(member.wanted, error);
    }
  }

  private blame(id: string, error: unknown): void {
    const others = this.errors.filter((one) => one.id !== id);
    this.errors = error === null ? others : [...others, { id, message: messageOf(error) }];
  }

  private changed(run: Run): void {
    const at = this.runs.findIndex((one) => one.run.id === run.id);
    const before = this.runs[at];
    if (!before || run.version < before.run.version) return;
    this.runs = this.runs.with(at, { ...before, run: { ...before.run, ...run } });
    if (run.ended_at !== before.run.ended_at || run.draining !== before.run.draining) before.points.readAgain();
  }

  private async readAgain(): Promise<void> {
    for (const { run, points } of this.runs) {
      points.readAgain();
      // A run that cannot be read now stays as it was; its points say that they cannot be read.
      api.run(run.id).then((now) => this.changed(now), () => {});
    }
  }
}
