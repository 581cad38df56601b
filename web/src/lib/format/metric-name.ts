// Metrics are named split/name. The splits have an order of their own: train first, since that is what moves.

const FIRST = ['train', 'epoch', 'val', 'test', 'heldout', 'grad'];

/** The part before the first slash; empty where there is none. */
export function prefixOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
}

export function prefixRank(name: string): number {
  const at = FIRST.indexOf(prefixOf(name));
  return at < 0 ? FIRST.length : at;
}
