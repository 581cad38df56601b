// Which metrics the table of runs shows: the losses that every task logs first, then what most runs have.

import type { Run, Task } from '../../lib/api/model';

export interface MetricColumn {
  metric: string;
  /** The best value so far, by the goal that the task names for this metric. */
  best: 'min' | 'max';
}

const USUAL = ['train/loss', 'epoch/train_loss'];
const MOST = 3;

export function chooseColumns(runs: readonly Run[], tasks: readonly Pick<Task, 'metrics'>[]): MetricColumn[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const name of Object.keys(run.metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const usual = USUAL.filter((name) => counts.has(name) || counts.size === 0);
  const others = [...counts.keys()].filter((name) => !USUAL.includes(name)).sort((a, b) => counts.get(b)! - counts.get(a)! || a.localeCompare(b));
  const maximized = new Set(tasks.flatMap((task) => task.metrics.filter((metric) => metric.goal === 'MAXIMIZE').map((metric) => metric.name)));
  return [...usual, ...others].slice(0, MOST).map((metric) => ({ metric, best: maximized.has(metric) ? 'max' : 'min' }));
}
