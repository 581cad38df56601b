// What distinguishes runs: their params side by side, those that differ first.

import type { Run } from '../../lib/api/model';
import { showValue } from '../../lib/api/params';

export interface Row {
  name: string;
  /** A cell for each run; null where the run has no such param. */
  cells: (string | null)[];
  differs: boolean;
}

export function paramRows(runs: readonly Pick<Run, 'task' | 'seed' | 'params' | 'options'>[]): Row[] {
  const has = (run: Pick<Run, 'params'>, name: string) => Object.hasOwn(run.params, name);
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.params)))];
  const options = [...new Set(runs.flatMap((run) => Object.keys(run.options)))];
  const rows = [
    row('task', runs.map((run) => run.task ?? 'logged by a client')),
    row('seed', runs.map((run) => (run.seed === null ? null : String(run.seed)))),
    ...names.map((name) => row(name, runs.map((run) => (has(run, name) ? showValue(run.params[name]) : null)))),
    ...options.map((name) => row(`option ${name}`, runs.map((run) => run.options[name] ?? null))),
  ];
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}

function row(name: string, cells: (string | null)[]): Row {
  return { name, cells, differs: cells.some((cell) => cell !== cells[0]) };
}

/** The places of the best of some values: of all that are equally good, unless all are. */
export function bestOf(values: readonly (number | null | undefined)[], best: 'min' | 'max' | null): Set<number> {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  if (best === null || finite.length < 2) return new Set();
  const goal = best === 'min' ? Math.min(...finite) : Math.max(...finite);
  const winners = new Set(values.flatMap((value, i) => (value === goal ? [i] : [])));
  return winners.size === finite.length ? new Set() : winners;
}
