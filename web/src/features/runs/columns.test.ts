import { expect, it } from 'vitest';
import { chooseColumns } from './columns';
import { run as decodeRun } from '../../lib/api/model';
import sample from '../../../../tests/contract/run.json';

const run = (...metrics: string[]) => ({ ...decodeRun(sample, ''), metrics: Object.fromEntries(metrics.map((name) => [name, { last: 1, last_step: 1, min: 1, max: 1, count: 1 }])) });
const names = (...runs: ReturnType<typeof run>[]) => chooseColumns(runs, []).map((column) => column.metric);

it('shows the losses first', () => {
  expect(names(run('grad/norm', 'epoch/train_loss', 'train/loss'))).toEqual(['train/loss', 'epoch/train_loss', 'grad/norm']);
});

it('keeps its columns while there is nothing to show', () => {
  expect(names(run())).toEqual(['train/loss', 'epoch/train_loss']);
});

it('shows what most runs of a client have', () => {
  expect(names(run('a', 'b', 'loss', 'speed'), run('loss', 'speed'), run('loss'))).toEqual(['loss', 'speed', 'a']);
});

it('knows what is best from the task', () => {
  const tasks = [{ best: null, metrics: [{ name: 'train/accuracy', goal: 'MAXIMIZE' as const, timed: false }] }];
  expect(chooseColumns([run('train/accuracy', 'loss', 'speed')], tasks)).toEqual([
    { metric: 'train/accuracy', best: 'max' },
    { metric: 'loss', best: 'min' },
    { metric: 'speed', best: null },
  ]);
});

it('shows what judges the models before the rest, and how fast they were after it', () => {
  const none = 'NONE' as const;
  const tasks = [{ best: 'test/accuracy', metrics: [{ name: 'train/rate', goal: none, timed: true }, { name: 'test/accuracy', goal: none, timed: false }, { name: 'grad/norm', goal: none, timed: false }] }];
  const columns = chooseColumns([run('train/rate', 'test/accuracy', 'grad/norm'), run('train/rate')], tasks);
  expect(columns.map((column) => column.metric)).toEqual(['test/accuracy', 'grad/norm', 'train/rate']);
});
