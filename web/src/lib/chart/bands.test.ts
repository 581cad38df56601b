import { describe, expect, it } from 'vitest';
import { boxes, placeOf, reach, verdict } from './bands';

const band = { metric: 'epoch/train_loss', point: 5, low: 0.48, high: 0.492, source: 'a book', step: 1175, value: 0.4861234, inside: true };
const open = { ...band, step: null, value: null, inside: null };

describe('a reference band', () => {
  it('says in words whether the run is inside', () => {
    expect(verdict(band, 'epoch 5')).toEqual({ kind: 'inside', text: '0.4861 in 0.48 to 0.492 at epoch 5', source: 'a book' });
    expect(verdict({ ...band, value: 0.5, inside: false }, 'epoch 5')).toMatchObject({ kind: 'outside', text: '0.5, not in 0.48 to 0.492, at epoch 5' });
    expect(verdict({ ...band, value: NaN, inside: false }, 'epoch 5')).toMatchObject({ kind: 'outside', text: 'NaN, not in 0.48 to 0.492, at epoch 5' });
    expect(verdict(open, 'epoch 5')).toMatchObject({ kind: 'open', text: '0.48 to 0.492 at epoch 5, which is not there yet' });
  });

  it('is drawn once it has a step', () => {
    expect(boxes([band, open])).toEqual([{ step: 1175, low: 0.48, high: 0.492, source: 'a book' }]);
  });

  it('is in the range of the axis where it is in sight, and cannot be on a logarithmic one below zero', () => {
    expect(reach(boxes([band]), { from: 0, to: 2000 }, 0.5, 1, false)).toEqual([0.48, 1]);
    expect(reach(boxes([band]), { from: 0, to: 1000 }, 0.5, 1, false)).toEqual([0.5, 1]);
    expect(reach([{ step: 1, low: -1, high: 9, source: '' }], { from: 0, to: 9 }, 0.5, 1, true)).toEqual([0.5, 1]);
  });

  it('is at an epoch where its metric is named so, or grows with one that is', () => {
    const accuracy = { ...band, metric: 'test/accuracy' };
    const run = (counts: Record<string, number>, bands = [accuracy]) => ({ metrics: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, { count }])), bands });
    expect(placeOf(band, run({}, [band]))).toBe('epoch 5');
    expect(placeOf(accuracy, run({ 'test/accuracy': 7, 'epoch/train_loss': 7, 'train/loss': 700 }))).toBe('epoch 5');
    expect(placeOf(accuracy, run({ 'test/accuracy': 700, 'epoch/train_loss': 7 }))).toBe('value 5');
    expect(placeOf(accuracy, run({}, [band, accuracy]))).toBe('epoch 5');
    expect(placeOf(accuracy, run({}))).toBe('value 5');
  });
});
