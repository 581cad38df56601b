// Exhibits, artifacts and predictions of simulated runs; arithmetic, like their points.

import { createHash } from 'node:crypto';
import { wire } from './simulation.js';

const CLASSES = ['T-shirt/top', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'];
const noise = (...seeds) => Math.abs(Math.sin(seeds.reduce((sum, seed, i) => sum + seed * (12.9898 + i * 65.37), 0)) * 43758.5453) % 1;

const KINDS = {
  mistakes: { kind: 'images', data: (run, epoch) => ({ pictures: pictures(run, epoch, 24, true) }) },
  samples: { kind: 'images', first: true, data: (run) => ({ pictures: pictures(run, 0, 20, false) }) },
  confusion: { kind: 'matrix', data: (run, epoch) => ({ row_label: 'true', rows: CLASSES, column_label: 'predicted', columns: CLASSES, counts: confusion(run, epoch) }) },
  'activation/relu': { kind: 'curves', first: true, data: () => curves() },
  'zipf/words': { kind: 'curves', first: true, data: () => zipf() },
  'sample/time traveller': { kind: 'text', data: (run, epoch) => ({ text: continued('time traveller', 50 + 10 * epoch, epoch) }) },
  'sample/traveller': { kind: 'text', data: (run, epoch) => ({ text: continued('traveller', 50 + 10 * epoch, epoch + 3) }) },
  sample: { kind: 'text', data: (run, epoch) => ({ text: `the time traveller ${'said it was '.repeat(epoch)}a fourth dimension\n\nand so on, at epoch ${epoch}` }) },
  slowest: { kind: 'table', data: (run, epoch) => ({ columns: ['class', 'accuracy', 'examples'], rows: CLASSES.map((name, i) => [name, (0.7 + 0.02 * epoch * noise(i)).toFixed(4), '1000']) }) },
  'weights/layer1': { kind: 'histogram', data: (run, epoch) => histogram(0.02 + 0.01 * epoch, epoch) },
  'weights/layer2': { kind: 'histogram', data: (run, epoch) => histogram(0.1 + 0.002 * epoch, epoch, 3) },
};

/** The steps at which a run of 20 epochs has shown things. */
const epochs = (run) => Array.from({ length: 20 }, (_, i) => Math.round(((i + 1) * run.length) / 20)).filter((step) => step <= run.step());

export function list(run) {
  if (run.queued) return [];
  const entry = (step) => ({ step, time: run.time(step), attempt: 1 });
  return Object.entries(KINDS).map(([name, { kind, first }]) => ({ name, kind, entries: first ? [entry(0)] : epochs(run).map(entry) })).filter((one) => one.entries.length);
}

export function one(run, name, step) {
  const info = list(run).find((other) => other.name === name);
  const entry = info?.entries.findLast((other) => step === null || other.step === Number(step));
  return entry && { name, kind: info.kind, ...entry, data: KINDS[name].data(run, Math.max(1, epochs(run).indexOf(entry.step) + 1)) };
}

/** What has come between two steps, as the feed says it. */
export function news(run, before, now) {
  return list(run).flatMap(({ name, kind, entries }) => entries.filter(({ step }) => step > before && step <= now).map(({ step }) => ({ run: run.id, name, kind, step })));
}

export function artifacts(run) {
  const steps = epochs(run);
  if (run.queued || steps.length < 2) return [];
  const of = (path, role, epoch, size) => ({ path, size, sha256: createHash('sha256').update(run.id + path + epoch).digest('hex'), step: role === null ? null : steps[epoch], time: run.time(steps[epoch]), attempt: 1, role, epoch: role === null ? null : epoch + 1, epoch_done: role === null ? null : 0 });
  return [of('checkpoints/last.npz', 'last', steps.length - 1, 814_282), of('checkpoints/best.npz', 'best', steps.length - 2, 814_282), of('reports/a-report-with-a-long-name.html', null, 0, 12_480)];
}

export function consumers(run, others) {
  const report = artifacts(run).find((one) => one.role === null);
  return report ? others.slice(0, run.n % 5).map((one) => ({ run: one.id, run_name: one.name, task: one.task, state: one.state, created_at: one.created, param: 'vocab', path: report.path, sha256: report.sha256, size: report.size })) : [];
}

export function predictions(run, images, checkpoint) {
  return {
    predictions: images.map((_, i) => {
      const weights = CLASSES.map((label, c) => [label, noise(i, c, 5) ** 9]);
      const sum = weights.reduce((all, [, weight]) => all + weight, 0);
      return { picture: pictures(run, i, 1, false)[0], scores: weights.map(([label, weight]) => ({ label, probability: weight / sum })).sort((a, b) => b.probability - a.probability) };
    }),
    checkpoint: artifacts(run).find((one) => one.role === checkpoint),
  };
}

/** What the simulated model writes is drawn from these words. */
const WORDS = 'the time machine traveller said it was a fourth dimension of space and little by morlocks in'.split(' ');
const continued = (prefix, length, seed) => prefix + Array.from({ length }, (_, i) => (i % 23 === 22 ? '\n' : ' ') + WORDS[Math.floor(noise(i, seed, 3) * WORDS.length)]).join('');

export function generated(run, { prefix = '', length = 200, temperature = 1, seed = Math.floor(Math.random() * 2 ** 31), checkpoint = 'best' }) {
  return { prefix, text: continued('', length, seed), length, temperature, seed, checkpoint: artifacts(run).find((one) => one.role === checkpoint) };
}

/** One in seven words was never seen. */
export function scored(run, { text, checkpoint = 'best' }) {
  const tokens = text.trim().split(/\s+/);
  const factors = tokens.map((token, i) => ({ token, given: tokens.slice(Math.max(0, i - 16), i), given_count: i, probability: i % 7 === 6 ? 0 : noise(i, token.length) ** 3 }));
  const log = factors.reduce((sum, { probability }) => sum + Math.log(probability), 0);
  return { text, factors, log_likelihood: wire(log), perplexity: wire(Math.exp(-log / tokens.length)), checkpoint: artifacts(run).find((one) => one.role === checkpoint) };
}

/** Frequencies by rank, with a tail of the same count and two that have no place on logarithmic axes. */
function zipf() {
  const x = Array.from({ length: 4582 }, (_, i) => i);
  return { x_label: 'rank', y_label: 'count', x, curves: [{ name: 'words', y: x.map((rank) => Math.round(2261 / rank ** 1.02)) }, { name: 'slope −1.02', y: x.map((rank) => wire(2261 / rank ** 1.02)) }], log_x: true, log_y: true };
}

/** Blobs in the shape of nothing in particular. */
function pictures(run, epoch, count, wrong) {
  return Array.from({ length: count }, (_, n) => {
    const label = CLASSES[(n * 7 + epoch) % 10];
    const bytes = Buffer.alloc(784);
    for (let i = 0; i < 784; i++) {
      const [x, y] = [(i % 28) - 14, Math.floor(i / 28) - 14];
      const edge = 9 + 3 * Math.sin(Math.atan2(y, x) * (2 + (n % 5)) + epoch);
      bytes[i] = Math.hypot(x, y) < edge ? 120 + 120 * noise(i, n, run.n) : 0;
    }
    return { width: 28, height: 28, channels: 1, pixels: bytes.toString('base64'), caption: wrong ? `${label}\n${CLASSES[(n * 3 + 1) % 10]} 99.${n % 10} %` : label };
  });
}

function confusion(run, epoch) {
  return CLASSES.map((_, row) => {
    const counts = CLASSES.map((_, column) => (row === column ? 0 : Math.round((120 * noise(row, column) ** 4) / epoch)));
    counts[row] = 1000 - counts.reduce((sum, count) => sum + count, 0);
    return counts;
  });
}

function curves() {
  const x = Array.from({ length: 161 }, (_, i) => -8 + i / 10);
  return { x_label: 'x', y_label: 'y', x, curves: [{ name: 'relu(x) = max(0, x)', y: x.map((v) => Math.max(0, v)) }, { name: 'its derivative', y: x.map((v) => (v === 0 ? 'NaN' : v > 0 ? 1 : 0)) }] };
}

function histogram(width, epoch, skew = 0) {
  const edges = Array.from({ length: 41 }, (_, i) => (i - 20) * width * 0.2);
  const counts = Array.from({ length: 40 }, (_, i) => Math.round(20000 * Math.exp(-(((i - 20 + skew) / 6) ** 2)) * (0.9 + 0.2 * noise(i, epoch))));
  return { edges, counts, not_finite: 0 };
}
