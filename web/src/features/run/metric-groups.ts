// The charts of a run in the order of their prefixes, train/ first since that is what moves; in a group the loss first.

import { prefixOf, prefixRank } from '../../lib/format/metric-name';

export interface MetricGroup {
  prefix: string;
  names: string[];
}

export function groupMetrics(names: readonly string[]): MetricGroup[] {
  const groups = new Map<string, string[]>();
  const isLoss = (name: string) => (name.endsWith('loss') ? 0 : 1);
  for (const name of [...names].sort((a, b) => isLoss(a) - isLoss(b) || a.localeCompare(b, 'en', { numeric: true }))) {
    const prefix = prefixOf(name);
    groups.set(prefix, [...(groups.get(prefix) ?? []), name]);
  }
  return [...groups].map(([prefix, members]) => ({ prefix, names: members })).sort((a, b) => prefixRank(a.names[0]!) - prefixRank(b.names[0]!) || a.prefix.localeCompare(b.prefix));
}

/** The same groups, with those shown before in their places and new ones after them. */
export function keepOrder(groups: readonly MetricGroup[], before: readonly MetricGroup[]): MetricGroup[] {
  const place = new Map(before.map((group, i) => [group.prefix, i]));
  const kept = groups.map((group) => {
    const shown = before.find((other) => other.prefix === group.prefix)?.names ?? [];
    return { ...group, names: [...shown.filter((name) => group.names.includes(name)), ...group.names.filter((name) => !shown.includes(name))] };
  });
  const rank = (group: MetricGroup) => place.get(group.prefix) ?? before.length;
  return kept.sort((a, b) => rank(a) - rank(b));
}

/** A filter is a regular expression; one that is not finished yet is taken as plain text. */
export function matcher(filter: string): (name: string) => boolean {
  if (!filter) return () => true;
  try {
    const expression = new RegExp(filter, 'i');
    return (name) => expression.test(name);
  } catch {
    return (name) => name.toLowerCase().includes(filter.toLowerCase());
  }
}
