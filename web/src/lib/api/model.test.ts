import { describe, expect, it } from 'vitest';
import * as m from './model';
import * as x from './exhibits';
import { decodeEvent } from '../live/events';
import type { EventName } from '../live/events';
import type { Decoder } from './decode';

const samples = import.meta.glob<unknown>('../../../../tests/contract/*.json', { eager: true, import: 'default' });
const sample = (name: string): unknown => {
  const found = Object.entries(samples).find(([path]) => path.endsWith(`/${name}.json`));
  if (!found) throw new Error(`no sample tests/contract/${name}.json`);
  return structuredClone(found[1]);
};

const decoders: Record<string, Decoder<unknown>> = {
  run: m.run,
  'run-whole': m.runWhole,
  runs: m.runsPage,
  experiments: m.experiments,
  tasks: m.tasks,
  plugins: m.plugins,
  hub: m.hub,
  'points-raw': m.points,
  'points-buckets': m.points,
  series: m.seriesList,
  log: m.log,
  problem: m.problem,
  exhibits: x.exhibits,
  'exhibit-text': x.exhibit,
  'exhibit-histogram': x.exhibit,
  'exhibit-curves': x.exhibit,
  'exhibit-matrix': x.exhibit,
  'exhibit-table': x.exhibit,
  'exhibit-images': x.exhibit,
  artifacts: x.artifacts,
  predictions: x.predictions,
  generated: x.generated,
  scored: x.scored,
  consumers: m.consumers,
};

describe('the contract', () => {
  it.each(Object.keys(decoders))('%s.json is read', (name) => {
    expect(() => decoders[name]!(sample(name), '')).not.toThrow();
  });

  it('every sample is read by a test', () => {
    const names = Object.keys(samples).map((path) => path.replace(/.*\/|\.json$/g, ''));
    const unread = names.filter((name) => !(name in decoders) && !name.startsWith('live-'));
    expect(unread).toEqual([]);
  });

  it('knows each kind of exhibit', () => {
    for (const name of Object.keys(decoders).filter((one) => one.startsWith('exhibit-'))) expect(x.exhibit(sample(name), '').kind).toBe(name.replace('exhibit-', ''));
  });

  it('keeps NaN and the infinities', () => {
    const raw = m.points(sample('points-raw'), '').series[0]!;
    expect(raw.raw && raw.values).toEqual([0.5, NaN, 0.3]);
    const buckets = m.points(sample('points-buckets'), '').series[0]!;
    expect(!buckets.raw && buckets.buckets.last).toEqual([0.25, -Infinity]);
    expect(!buckets.raw && buckets.buckets.mean).toEqual([0.5, null]);
    const { log_likelihood, perplexity } = x.scored(sample('scored'), '');
    expect([log_likelihood, perplexity]).toEqual([-Infinity, Infinity]);
  });

  it('reads each kind of param', () => {
    const params = m.tasks(sample('tasks'), '').tasks[0]!.params;
    expect(new Set(params.map((p) => p.type))).toEqual(new Set(['choice', 'list', 'real', 'int', 'flag', 'text', 'artifact', 'optional']));
  });

  it('names the field that does not fit', () => {
    const bad = sample('run') as { progress: unknown };
    bad.progress = { step: 'twelve' };
    expect(() => m.run(bad, '')).toThrow('progress.step should be a number, but is "twelve"');
  });
});

describe('the feed', () => {
  const decode = (name: string, file = name) => decodeEvent(name as EventName, JSON.stringify(sample(`live-${file}`)));

  it('reads runs, points, logs and the hub', () => {
    expect(decode('run')).toMatchObject({ type: 'run', run: { state: 'RUNNING' } });
    expect(decode('points')).toMatchObject({ type: 'points', points: { previous: 17, version: 18 } });
    expect(decode('points', 'points-skipped')).toMatchObject({ points: { skipped: 5000, series: null } });
    expect(decode('log')).toMatchObject({ type: 'log', log: { text: 'epoch 3, loss 0.0001\n' } });
    expect(decode('exhibit')).toMatchObject({ type: 'exhibit', exhibit: { name: 'confusion', step: 235 } });
    expect(decode('hub')).toMatchObject({ hub: { slots: 2 } });
    expect(decode('plugins')).toEqual({ type: 'plugins' });
  });

  it('treats a connection that was not resumed as a gap', () => {
    expect(decode('hello')).toEqual({ type: 'gap' });
    expect(decodeEvent('hello', '{"instance":"a","cursor":"b","resumed":true}')).toBeNull();
    expect(decode('gap')).toEqual({ type: 'gap' });
    expect(decode('ping')).toBeNull();
  });
});
