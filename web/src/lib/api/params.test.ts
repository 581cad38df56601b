import { describe, expect, it } from 'vitest';
import { command } from './command';
import { describeBounds, describeParam, isRequired, parseDraft, toDraft } from './params';
import { tasks } from './model';
import sample from '../../../../tests/contract/tasks.json';

const [linreg, softmax] = tasks(sample, '').tasks;
const spec = (name: string) => linreg!.params.find((param) => param.name === name)!;

describe('params', () => {
  it('reads back every default', () => {
    for (const param of linreg!.params.filter((one) => !isRequired(one))) expect(parseDraft(param, toDraft(param, param.default))).toEqual({ value: param.default });
  });

  it.each([
    ['learning_rate', '-1', 'must be greater than 0, but is -1'],
    ['learning_rate', 'fast', 'must be a number, but is fast'],
    ['learning_rate', '', 'must be given'],
    ['epochs', '2.5', 'must be a whole number, but is 2.5'],
    ['epochs', '0', 'must be at least 1, but is 0'],
    ['epochs', '100001', 'must be at most 100000, but is 100001'],
    ['implementation', 'magic', 'must be one of scratch, concise'],
    ['true_w', '', 'must have at least 1 element'],
    ['true_w', '2, two', 'element 2 must be a number, but is two'],
    ['clip', '0', 'must be greater than 0, but is 0'],
    ['vocab', '', 'must be given'],
    ['vocab', 'vocab.json', 'must be the id of a run (or 6 digits of it or more), a slash and the path of an artifact'],
  ])('%s = "%s" %s', (name, draft, error) => {
    expect(parseDraft(spec(name), draft)).toEqual({ error });
  });

  it.each([
    ['learning_rate', '1e-3', 0.001],
    ['true_w', '[2, -3.4]', [2, -3.4]],
    ['true_w', '2\n-3.4\n', [2, -3.4]],
    ['clip', '', null],
    ['clip', '0.5', 0.5],
    ['corpus', '', ''],
    ['vocab', ' 3f2a9c/a/vocab.json ', '3f2a9c/a/vocab.json'],
  ])('%s = "%s" is understood', (name, draft, value) => {
    expect(parseDraft(spec(name), draft)).toEqual({ value });
  });

  it('describes bounds', () => {
    expect(describeBounds(spec('learning_rate'))).toBe('greater than 0');
    expect(describeBounds(spec('epochs'))).toBe('1 to 100,000');
    expect(describeBounds(spec('true_w'))).toBe('separated by commas');
    expect(describeBounds(spec('clip'))).toBe('optional, greater than 0');
  });

  it('makes sentences of what plugins say', () => {
    expect(describeParam({ ...spec('noise'), help: 'deviation of the noise' })).toBe('Deviation of the noise. At least 0.');
    expect(describeParam({ ...spec('corpus'), help: 'A file.' })).toBe('A file.');
  });

  it('must be given where there is no default', () => {
    expect(isRequired(softmax!.params[0]!)).toBe(true);
    expect(isRequired(spec('clip'))).toBe(false);
  });
});

describe('the equivalent command', () => {
  const defaults = Object.fromEntries(linreg!.params.map((param) => [param.name, param.default]));
  const launch = { task: 'linreg', specs: linreg!.params, experiment: 'Default' };

  it('leaves defaults out', () => {
    expect(command({ ...launch, params: defaults })).toBe('trainyard run linreg');
  });

  it('names what differs, and quotes what a shell would split', () => {
    const params = { ...defaults, learning_rate: 0.1, true_w: [-1, 2], shuffle: false, corpus: "it's here", clip: 1 };
    expect(command({ ...launch, params, experiment: 'My runs', seed: 7, name: 'a' })).toBe(
      `trainyard run linreg --true-w=-1,2 --learning-rate 0.1 --no-shuffle --corpus 'it'\\''s here' --clip 1 --experiment 'My runs' --seed 7 --name a`,
    );
  });

  it('names options that are not the usual ones', () => {
    expect(command({ ...launch, params: defaults, options: { device: 'gpu:1', checkpoint_every: '30s' } })).toBe('trainyard run linreg --device gpu:1');
    expect(command({ ...launch, params: defaults, options: { device: 'auto', checkpoint_every: 'never' } })).toBe('trainyard run linreg --checkpoint-every never');
  });
});
