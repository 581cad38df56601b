// Which metrics the table of runs shows: the losses that every task logs first, then what most runs have.

import type { Run } from '../../lib/api/model';

export interface MetricColumn {
  metric: string;
  pick: 'last' | 'min';
  label: string;
}

const USUAL = ['train/loss', 'epoch/train_loss'];

export function chooseColumns(runs: readonly Run[]): MetricColumn[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const name of Object.keys(run.metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const usual = USUAL.filter((name) => counts.has(name) || counts.size === 0);
  const others = [...counts.keys()].filter((name) => !USUAL.includes(name)).sort((a, b) => counts.get(b)! - counts.get(a)! || a.localeCompare(b));
  const [first, second] = [...usual, ...others];
  if (!first) return [];
  const columns: MetricColumn[] = [{ metric: first, pick: 'last', label: first }];
  if (second) columns.push({ metric: second, pick: 'last', label: second });
  columns.push({ metric: first, pick: 'min', label: `min ${first}` });
  return columns;
}
