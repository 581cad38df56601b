import { expect, it } from 'vitest';
import { evenSplits, logLabels, logSplits, stepLabels, valueLabels } from './axis';

it('labels values with the decimals that tell ticks apart', () => {
  expect(valueLabels([0, 0.5, 1], 0.5)).toEqual(['0', '0.5', '1.0']);
  expect(valueLabels([1.5, 1.75, 2], 0.25)).toEqual(['1.50', '1.75', '2.00']);
  expect(valueLabels([1.2345, 1.2346], 0.0001)).toEqual(['1.2345', '1.2346']);
  expect(valueLabels([-20, 0, 20], 20)).toEqual(['−20', '0', '20']);
  expect(valueLabels([0, 2e-5, 4e-5], 2e-5)).toEqual(['0', '2e−5', '4e−5']);
  expect(valueLabels([1e6, 1.5e6], 5e5)).toEqual(['1.0e6', '1.5e6']);
});

it('labels logarithmic axes', () => {
  expect(logLabels([0.0001, null, 0.01, 1, 1e7])).toEqual(['1e−4', '', '0.01', '1', '1e7']);
});

it('spaces the ticks of logarithmic axes by how much they span', () => {
  expect(logSplits(1.5, 2.7)).toEqual([1.5, 2, 2.5]);
  expect(logSplits(0.15, 30)).toEqual([0.2, 0.5, 1, 2, 5, 10, 20]);
  expect(logSplits(1e-4, 1e3)).toEqual([1e-4, 1e-2, 1, 100]);
  expect(logSplits(1e-30, 1e30).length).toBeLessThanOrEqual(8);
});

it('spaces the ticks of even axes, however large, small or close', () => {
  expect(evenSplits(-0.4, 4.1, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(evenSplits(0, 1.31e37, 5)).toEqual([0, 5e36, 1e37]);
  expect(evenSplits(-1e-300, 1e-300, 5)).toEqual([-1e-300, -5e-301, 0, 5e-301, 1e-300]);
  expect(evenSplits(1e16, 1e16 + 4, 5).length).toBeLessThanOrEqual(7);
});

it('labels steps, and only whole ones', () => {
  expect(stepLabels([0, 0.5, 500, 5000, 10_000, 1_500_000, -20_000])).toEqual(['0', '', '500', '5000', '10k', '1500k', '−20k']);
});
