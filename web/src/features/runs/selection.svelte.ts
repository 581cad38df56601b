// Runs that are marked in the table, to be compared. They stay marked while the table sorts, filters and turns its pages.

export class Selection {
  /** Ids, in the order in which they were marked. */
  marked = $state.raw<readonly string[]>([]);
  private anchor: string | null = null;

  has(id: string): boolean {
    return this.marked.includes(id);
  }

  /** With `range`, all from the one marked last to this one, in the order of `rows`, become as this one does. */
  mark(id: string, on: boolean, range: boolean, rows: readonly string[]): void {
    const from = this.anchor === null ? -1 : rows.indexOf(this.anchor);
    const to = rows.indexOf(id);
    const ids = range && from >= 0 && to >= 0 ? rows.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    this.markAll(ids, on);
    this.anchor = id;
  }

  markAll(ids: readonly string[], on: boolean): void {
    const others = this.marked.filter((id) => !ids.includes(id));
    this.marked = on ? [...this.marked, ...ids.filter((id) => !this.marked.includes(id))] : others;
  }

  clear(): void {
    this.marked = [];
    this.anchor = null;
  }
}
