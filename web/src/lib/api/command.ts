// The command line that does what the launch form does.

import { toDraft } from './params';
import type { Param } from './model';

export interface Launch {
  task: string;
  params: Record<string, unknown>;
  specs: Param[];
  experiment: string;
  seed?: number | undefined;
  name?: string | undefined;
  data?: string | undefined;
  options?: Record<string, string> | undefined;
}

/** What the hub takes where nothing is said. */
export const DEFAULT_OPTIONS: Record<string, string> = { device: 'auto', checkpoint_every: '30s' };

/** Params that have their default value are left out. */
export function command(launch: Launch): string {
  const words = ['trainyard', 'run', launch.task];
  for (const spec of launch.specs) {
    const value = launch.params[spec.name];
    if (value === undefined || same(value, spec.default)) continue;
    const name = spec.name.replaceAll('_', '-');
    if (spec.type === 'flag') {
      words.push(value === true ? `--${name}` : `--no-${name}`);
      continue;
    }
    const text = String(toDraft(spec, value)).replace(/, /g, spec.type === 'list' ? ',' : ', ');
    words.push(...flag(name, text));
  }
  if (launch.experiment && launch.experiment !== 'Default') words.push(...flag('experiment', launch.experiment));
  if (launch.seed !== undefined) words.push(...flag('seed', String(launch.seed)));
  if (launch.name) words.push(...flag('name', launch.name));
  if (launch.data) words.push(...flag('data', launch.data));
  for (const [name, value] of Object.entries(launch.options ?? {})) {
    if (value !== DEFAULT_OPTIONS[name]) words.push(...flag(name.replaceAll('_', '-'), value));
  }
  return words.join(' ');
}

/** A value that starts with a dash must not look like a flag. */
function flag(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${quote(value)}`] : [`--${name}`, quote(value)];
}

export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
