// Which metrics the table of runs shows: the losses that every task logs first, then what judges the models, then what most runs have, as
// the charts are ordered. How fast a run was says nothing of its model, and comes last.

import type { Run, Task } from '../../lib/api/model';
import { prefixRank } from '../../lib/format/metric-name';

export interface MetricColumn {
  metric: string;
  /** Which value is the best so far; null where neither small nor large is better. */
  best: 'min' | 'max' | null;
}

const USUAL = ['train/loss', 'epoch/train_loss'];
const MOST = 3;

export function chooseColumns(runs: readonly Run[], tasks: readonly Pick<Task, 'metrics' | 'best'>[]): MetricColumn[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const name of Object.keys(run.metrics)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const usual = USUAL.filter((name) => counts.has(name) || counts.size === 0);
  const judges = new Set(tasks.map((task) => task.best));
  const timed = new Set(tasks.flatMap((task) => task.metrics.filter((metric) => metric.timed).map((metric) => metric.name)));
  const rank = (name: string) => (judges.has(name) ? 0 : timed.has(name) ? 2 : 1);
  const others = [...counts.keys()]
    .filter((name) => !USUAL.includes(name))
    .sort((a, b) => rank(a) - rank(b) || counts.get(b)! - counts.get(a)! || prefixRank(a) - prefixRank(b) || a.localeCompare(b));
  const goals = goalsOf(tasks);
  return [...usual, ...others].slice(0, MOST).map((metric) => ({ metric, best: goalOf(metric, goals) }));
}

export type Goals = ReadonlyMap<string, Task['metrics'][number]['goal']>;

/** What tasks say of their metrics, by name. */
export function goalsOf(tasks: readonly Pick<Task, 'metrics'>[]): Goals {
  return new Map(tasks.flatMap((task) => task.metrics.map((metric) => [metric.name, metric.goal] as const)));
}

/** What the task says; what a client logged is told by its name. */
export function goalOf(metric: string, goals: Goals): MetricColumn['best'] {
  const goal = goals.get(metric);
  if (goal) return { MINIMIZE: 'min', MAXIMIZE: 'max', NONE: null }[goal] as MetricColumn['best'];
  if (/(loss|error|perplexity)$/.test(metric)) return 'min';
  return /(accuracy|f1|bleu)$/.test(metric) ? 'max' : null;
}
