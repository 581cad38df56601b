import { describe, expect, it } from 'vitest';
import { bestOf, paramRows } from './differences';

const run = (params: Record<string, unknown>, seed = 1) => ({ task: 'mlp', seed, params, options: { device: 'auto' } });

describe('the params of several runs', () => {
  it('that differ come first, in the order of the task', () => {
    const rows = paramRows([run({ epochs: 5, learning_rate: 0.1, hidden_sizes: [256] }), run({ epochs: 5, learning_rate: 0.5, hidden_sizes: [256, 128] })]);
    expect(rows.map(({ name, differs }) => [name, differs])).toEqual([['learning_rate', true], ['hidden_sizes', true], ['task', false], ['seed', false], ['epochs', false], ['option device', false]]);
    expect(rows[1]!.cells).toEqual(['[256]', '[256, 128]']);
  });

  it('differ where one run has none', () => {
    expect(paramRows([run({ clip: null }), run({})]).find(({ name }) => name === 'clip')).toEqual({ name: 'clip', cells: ['none', null], differs: true });
  });
});

describe('the best value', () => {
  it('is marked where there is one', () => {
    expect(bestOf([3, 1, NaN, null, 1], 'min')).toEqual(new Set([1, 4]));
    expect(bestOf([3, 1, undefined], 'max')).toEqual(new Set([0]));
  });

  it('is not marked where nothing is better', () => {
    expect(bestOf([2, 2], 'min').size + bestOf([2], 'min').size + bestOf([1, 2], null).size).toBe(0);
  });
});
