import { describe, expect, it } from 'vitest';
import { Selection } from './selection.svelte';

const rows = ['a', 'b', 'c', 'd', 'e'];

describe('marking runs', () => {
  it('goes one by one, in the order of the marks', () => {
    const selection = new Selection();
    selection.mark('c', true, false, rows);
    selection.mark('a', true, false, rows);
    selection.mark('c', false, false, rows);
    selection.mark('b', true, false, rows);
    expect(selection.marked).toEqual(['a', 'b']);
  });

  it('goes from one to another, both ways, and takes marks away likewise', () => {
    const selection = new Selection();
    selection.mark('d', true, false, rows);
    selection.mark('b', true, true, rows);
    expect(selection.marked).toEqual(['d', 'b', 'c']);
    selection.mark('c', false, true, rows);
    expect(selection.marked).toEqual(['d']);
  });

  it('is of one where the other end is on another page', () => {
    const selection = new Selection();
    selection.mark('z', true, false, ['z']);
    selection.mark('b', true, true, rows);
    expect(selection.marked).toEqual(['z', 'b']);
  });

  it('marks a page and leaves others', () => {
    const selection = new Selection();
    selection.mark('z', true, false, ['z']);
    selection.markAll(rows, true);
    selection.markAll(rows, true);
    expect(selection.marked).toEqual(['z', ...rows]);
    selection.markAll(rows, false);
    expect(selection.marked).toEqual(['z']);
  });
});
