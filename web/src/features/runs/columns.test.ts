import { expect, it } from 'vitest';
import { chooseColumns } from './columns';
import { run as decodeRun } from '../../lib/api/model';
import sample from '../../../../tests/contract/run.json';

const run = (...metrics: string[]) => ({ ...decodeRun(sample, ''), metrics: Object.fromEntries(metrics.map((name) => [name, { last: 1, last_step: 1, min: 1, max: 1, count: 1 }])) });
const labels = (...runs: ReturnType<typeof run>[]) => chooseColumns(runs).map((column) => column.label);

it('shows the losses first', () => {
  expect(labels(run('grad/norm', 'epoch/train_loss', 'train/loss'))).toEqual(['train/loss', 'epoch/train_loss', 'min train/loss']);
});

it('keeps its columns while there is nothing to show', () => {
  expect(labels(run())).toEqual(['train/loss', 'epoch/train_loss', 'min train/loss']);
});

it('shows what most runs of a client have', () => {
  expect(labels(run('loss', 'speed'), run('loss'))).toEqual(['loss', 'speed', 'min loss']);
});
