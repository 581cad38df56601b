import { expect, it } from 'vitest';
import { groupMetrics, keepOrder, matcher } from './metric-groups';

it('groups by prefix, train first, layers in their order', () => {
  expect(groupMetrics(['loss', 'zeta/a', 'grad/norm', 'train/loss', 'grad/layer10', 'grad/layer9', 'epoch/train_loss'])).toEqual([
    { prefix: 'train', names: ['train/loss'] },
    { prefix: 'epoch', names: ['epoch/train_loss'] },
    { prefix: 'grad', names: ['grad/layer9', 'grad/layer10', 'grad/norm'] },
    { prefix: '', names: ['loss'] },
    { prefix: 'zeta', names: ['zeta/a'] },
  ]);
});

it('leaves charts where they are when metrics appear later', () => {
  const before = groupMetrics(['train/b', 'grad/norm']);
  expect(keepOrder(groupMetrics(['train/a', 'train/b', 'epoch/x', 'grad/norm']), before)).toEqual([
    { prefix: 'train', names: ['train/b', 'train/a'] },
    { prefix: 'grad', names: ['grad/norm'] },
    { prefix: 'epoch', names: ['epoch/x'] },
  ]);
});

it('filters by regular expression, and by text while it is being typed', () => {
  expect(['train/loss', 'test/loss', 'grad/norm'].filter(matcher('^t.*loss'))).toEqual(['train/loss', 'test/loss']);
  expect(['a(b', 'ab'].filter(matcher('a('))).toEqual(['a(b']);
});
