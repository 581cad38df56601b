// Runs that exist only in arithmetic: each point is a function of the run and the step, so nothing needs storing.

import { readFileSync } from 'node:fs';

const contract = (name) => JSON.parse(readFileSync(new URL(`../../tests/contract/${name}.json`, import.meta.url), 'utf8'));
export const tasks = contract('tasks').tasks;
export const plugins = contract('plugins').plugins;
const whole = contract('run-whole');

const wave = (seed, step) => Math.sin(seed * 12.9898 + step * 78.233) * 43758.5453 % 1;
const CURVES = {
  'train/loss': (s, run) => 2.4 * Math.exp(-s / (run.length / 5)) + 0.05 + 0.15 * Math.abs(wave(run.seed, s)) * (s % 977 === 500 ? 12 : 1),
  'train/accuracy': (s, run) => 1 - 0.9 * Math.exp(-s / (run.length / 4)) - 0.02 * Math.abs(wave(run.seed + 1, s)),
  'grad/norm': (s, run) => (s % 1500 === 700 ? NaN : s % 2400 === 1200 ? Infinity : 0.3 + 2 * Math.exp(-s / 400) + 0.2 * wave(run.seed + 2, s)),
};
const EPOCH = {
  'epoch/train_loss': (s, run) => 2.4 * Math.exp(-s / (run.length / 5)) + 0.06,
  'epoch/test_accuracy': (s, run) => 0.98 - 0.9 * Math.exp(-s / (run.length / 4)),
};

export class Simulation {
  constructor(scenario) {
    this.experiments = [{ id: '0', name: 'Default', created_at: Date.now() - 9e7, deleted: false, runs: 0, tags: {} }];
    this.runs = new Map();
    if (scenario === 'empty') return;
    this.experiment('Demo');
    this.experiment('Learning rates, a longer name than usual');
    const states = ['FINISHED', 'FINISHED', 'STOPPED', 'FAILED', 'DIVERGED', 'FINISHED'];
    const count = scenario === 'many' ? 1000 : 14;
    for (let i = 0; i < count; i++) {
      const ended = this.add({ experiment: String(i % 3 ? 1 : 2), age: (count - i) * 3.1e6, length: 400 + 2000 * (i % 7) });
      ended.end(states[i % states.length]);
    }
    this.add({ experiment: '1', age: 42e3, length: 20000, lost: 12 });
    this.add({ experiment: '1', age: 15e3, length: 5000 });
    this.add({ experiment: '1', age: 0, length: 5000, queued: true });
  }

  experiment(name) {
    const made = { id: String(this.experiments.length), name, created_at: Date.now(), deleted: false, runs: 0, tags: {} };
    this.experiments.push(made);
    return made;
  }

  add({ experiment, age = 0, length = 6000, lost = 0, queued = false, body = {} }) {
    const run = new SimulatedRun(this.runs.size + 1, this.experiments[Number(experiment)], { age, length, lost, queued, body });
    this.runs.set(run.id, run);
    return run;
  }

  list() {
    const shown = [...this.runs.values()].filter((run) => !run.deleted);
    for (const experiment of this.experiments) experiment.runs = shown.filter((run) => run.experiment === experiment).length;
    return shown;
  }
}

class SimulatedRun {
  constructor(n, experiment, { age, length, lost, queued, body }) {
    const task = tasks.find((one) => one.id === (body.task ?? 'linreg'));
    Object.assign(this, { n, experiment, length, lost, queued, deleted: false, stopping: false, state: queued ? 'QUEUED' : 'RUNNING', reason: null });
    this.seed = body.seed ?? 42 + n;
    this.id = ((n * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').repeat(4);
    this.name = body.name ?? `linreg-${n}`;
    this.task = task.id;
    this.params = { ...Object.fromEntries(task.params.map((p) => [p.name, p.default])), learning_rate: [0.03, 0.1, 0.003][n % 3], ...body.params };
    this.created = Date.now() - age;
    this.started = this.created + 350;
    if (queued) this.reason = 'Waiting for one of the 2 slots.';
  }

  end(state) {
    this.final = this.step(this.created + 90e3);
    this.ended = Math.min(Date.now(), this.started + (this.final + 1) * 10);
    this.state = state;
    this.reason = { FAILED: 'The runner was killed by signal 6 (SIGABRT). Last line of its log: "F tensorflow/core/platform/status.cc: Check failed: ok"', DIVERGED: 'train/loss became NaN at step 1204. Lower learning_rate.' }[state] ?? null;
  }

  step(at = Date.now()) {
    if (this.queued) return 0;
    return this.final ?? Math.max(0, Math.min(this.length, Math.floor((at - this.started) / 10)));
  }

  resume() {
    Object.assign(this, { state: 'QUEUED', queued: true, ended: undefined, attempt: 2, resume_from: 'checkpoints/last.npz' });
  }

  tick() {
    if (this.state !== 'RUNNING') return;
    if (this.stopping || this.step() >= this.length) {
      const state = this.stopping ? 'STOPPED' : 'FINISHED';
      this.final = this.step();
      Object.assign(this, { state, ended: Date.now(), stopping: false });
    }
  }

  names() {
    return [...Object.keys(CURVES), ...Object.keys(EPOCH)];
  }

  steps(name, from, to) {
    const every = name in EPOCH ? Math.max(1, this.length / 20) : 1;
    const out = [];
    for (let s = Math.max(every, Math.ceil(from / every) * every); s <= to; s += every) out.push(s);
    return out;
  }

  value(name, step) {
    return (CURVES[name] ?? EPOCH[name])(step, this);
  }

  time(step) {
    return this.started + step * 10;
  }

  points(name, from, to, max) {
    const steps = this.steps(name, from, Math.min(to, this.step()));
    if (steps.length <= max) {
      return { name, raw: true, count: steps.length, steps, times: steps.map((s) => this.time(s)), values: steps.map((s) => wire(this.value(name, s))) };
    }
    const b = Object.fromEntries('first_step last_step first_time last_time count min max mean first last nan pos_inf neg_inf'.split(' ').map((key) => [key, []]));
    const size = Math.ceil(steps.length / max);
    for (let i = 0; i < steps.length; i += size) {
      const part = steps.slice(i, i + size);
      const values = part.map((s) => this.value(name, s));
      const finite = values.filter(Number.isFinite);
      const end = part.length - 1;
      const column = {
        first_step: part[0], last_step: part[end], first_time: this.time(part[0]), last_time: this.time(part[end]), count: part.length,
        min: finite.length ? Math.min(...finite) : null, max: finite.length ? Math.max(...finite) : null,
        mean: finite.length ? finite.reduce((a, v) => a + v, 0) / finite.length : null, first: wire(values[0]), last: wire(values[end]),
        nan: values.filter(Number.isNaN).length, pos_inf: values.filter((v) => v === Infinity).length, neg_inf: 0,
      };
      for (const key in b) b[key].push(column[key]);
    }
    return { name, raw: false, count: steps.length, buckets: b };
  }

  json() {
    const step = this.step();
    const metrics = {};
    for (const name of this.names()) {
      const { raw, count, steps, values, buckets } = this.points(name, 1, step, 200);
      if (!count) continue;
      const finite = (raw ? values : [...buckets.min, ...buckets.max]).filter(Number.isFinite);
      metrics[name] = { last: raw ? values.at(-1) : buckets.last.at(-1), last_step: raw ? steps.at(-1) : buckets.last_step.at(-1), min: finite.length ? Math.min(...finite) : null, max: finite.length ? Math.max(...finite) : null, count };
    }
    return {
      id: this.id, name: this.name, experiment_id: this.experiment.id, experiment: this.experiment.name, state: this.state, reason: this.reason, task: this.task,
      params: this.params, seed: this.seed, tags: {}, notes: '', created_at: this.created, started_at: this.queued ? null : this.started, ended_at: this.ended ?? null,
      attempt: this.attempt ?? (this.queued ? 0 : 1), stopping: this.stopping, draining: false, unreachable_since: null, lost_points: this.lost, rerun_of: null, options: { device: 'auto', checkpoint_every: '30s' }, resume_from: this.resume_from ?? null, deleted: this.deleted,
      progress: this.queued ? null : { step, steps: this.length, epoch: Math.min(20, Math.floor((step * 20) / this.length) + 1), epochs: 20 }, version: step + 2, metrics,
    };
  }

  series() {
    return this.names().map((name) => {
      const values = this.steps(name, 1, this.step()).map((s) => this.value(name, s));
      const count = (match) => values.filter(match).length;
      return { name, ...this.json().metrics[name], count: values.length, nan: count(Number.isNaN), pos_inf: count((v) => v === Infinity), neg_inf: 0, first_step: 1, last_step: this.step(), last_time: this.time(this.step()), last: wire(values.at(-1) ?? 0), min: 0, max: 0 };
    });
  }

  whole() {
    const attempts = this.queued ? [] : [{ ...whole.attempts[0], started_at: this.started, ended_at: this.ended ?? null, outcome: this.ended ? this.state : null }];
    return { ...this.json(), provenance: whole.provenance, attempts, param_specs: tasks[0].params, log: { size: this.logText().length, dropped_bytes: 0 }, resumable: ['STOPPED', 'FAILED'].includes(this.state), predictor: { width: 28, height: 28, channels: 1 }, language_model: true, bands: this.bands(), inputs: this.n % 2 ? whole.inputs : [] };
  }

  bands() {
    const band = (metric, point, low, high, source) => {
      const step = Math.round((point * this.length) / 20);
      const there = step <= this.step() && !this.queued;
      const value = there ? this.value(metric, step) : null;
      return { metric, point, low, high, source, step: there ? step : null, value, inside: there ? low <= value && value <= high : null };
    };
    return [band('epoch/train_loss', 5, 0.72, 0.78, 'd2l.ai 4.5, mean of 3 seeds'), band('epoch/train_loss', 10, 0.2, 0.25, 'd2l.ai 4.5, mean of 3 seeds'), band('epoch/test_accuracy', 20, 0.95, 0.98, 'https://d2l.ai')];
  }

  logText(from = 0, to = this.step()) {
    const lines = [];
    if (from === 0) lines.push('2026-11-23 08:00:00.101 INFO  runner  TensorFlow 2.18.0 on /CPU:0, 2 threads', 'I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary is optimized to use available CPU instructions in performance-critical operations.');
    for (const s of this.steps('epoch/train_loss', from + 1, to)) lines.push(`epoch ${Math.round((s * 20) / this.length)}, loss ${this.value('epoch/train_loss', s).toFixed(6)}`);
    return lines.length ? lines.join('\n') + '\n' : '';
  }
}

export const wire = (v) => (Number.isFinite(v) ? v : String(v));
