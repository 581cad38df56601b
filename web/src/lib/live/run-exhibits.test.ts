import { describe, expect, it } from 'vitest';
import type { Exhibit, ExhibitInfo } from '../api/exhibits';
import { RunExhibits, spread } from './run-exhibits';

const entry = (step: number) => ({ step, time: step * 10, attempt: 1 });
const info = (name: string, ...steps: number[]): ExhibitInfo => ({ name, kind: 'text', entries: steps.map(entry) });

/** A hub that answers when it is told to, and counts. */
class Source {
  list: ExhibitInfo[] = [];
  asked: string[] = [];
  answers: (() => void)[] = [];
  exhibits = () => Promise.resolve(this.list);
  exhibit = (_: string, name: string, step: number) => {
    this.asked.push(`${name}@${step}`);
    return new Promise<Exhibit>((resolve) => this.answers.push(() => resolve({ name, step, kind: 'text', time: 0, attempt: 1, data: { text: `${name} at ${step}` } })));
  };
}

const soon = () => new Promise((resolve) => setTimeout(resolve));

describe('the exhibits of a run', () => {
  it('are in the order of their names, their steps in theirs', async () => {
    const source = new Source();
    source.list = [info('w/layer10', 2, 1), info('w/layer9', 1)];
    const run = new RunExhibits('r', source);
    await run.read();
    expect(run.list!.map((one) => [one.name, one.entries.map((e) => e.step)])).toEqual([['w/layer9', [1]], ['w/layer10', [1, 2]]]);
  });

  it('grow with the feed, also with names that are new', async () => {
    const run = new RunExhibits('r', new Source());
    let told = 0;
    run.watch(() => told++);
    run.add({ run: 'r', name: 'early', kind: 'text', step: 1 });
    expect(run.list).toBeNull();
    await run.read();
    run.add({ run: 'r', name: 'b', kind: 'text', step: 5 });
    run.add({ run: 'r', name: 'a', kind: 'matrix', step: 5 });
    run.add({ run: 'r', name: 'b', kind: 'text', step: 3 });
    expect(run.list!.map((one) => [one.name, one.kind, one.entries.map((e) => e.step)])).toEqual([['a', 'matrix', [5]], ['b', 'text', [3, 5]]]);
    expect(told).toBe(4);
  });

  it('lose nothing that came while the list was read', async () => {
    const source = new Source();
    const run = new RunExhibits('r', source);
    source.list = [info('a', 1)];
    const reading = run.read();
    run.add({ run: 'r', name: 'a', kind: 'text', step: 2 });
    await reading;
    expect(run.list![0]!.entries.map((e) => e.step)).toEqual([1, 2]);
  });

  it('can be read twice at once, as when the feed says that something was missed', async () => {
    const source = new Source();
    source.list = [info('a', 1)];
    const run = new RunExhibits('r', source);
    const both = [run.read(), run.read()];
    run.add({ run: 'r', name: 'a', kind: 'text', step: 2 });
    await Promise.all(both);
    expect(run.list![0]!.entries.map((e) => e.step)).toEqual([1, 2]);
  });

  it('are read once each, three at a time', async () => {
    const source = new Source();
    const run = new RunExhibits('r', source);
    const first = run.get('a', 1);
    for (let step = 1; step <= 5; step++) void run.get('a', step);
    await soon();
    expect(source.asked).toEqual(['a@1', 'a@2', 'a@3']);
    source.answers[0]!();
    expect(await first).toMatchObject({ data: { text: 'a at 1' } });
    await soon();
    expect(source.asked).toEqual(['a@1', 'a@2', 'a@3', 'a@4']);
  });

  it('are read anew when the step was logged again', async () => {
    const source = new Source();
    source.list = [info('a', 1)];
    const run = new RunExhibits('r', source);
    await run.read();
    void run.get('a', 1);
    run.add({ run: 'r', name: 'a', kind: 'text', step: 1 });
    void run.get('a', 1);
    expect(source.asked).toEqual(['a@1', 'a@1']);
    expect(run.list![0]!.entries).toHaveLength(1);
  });
});

it('spreads evenly, with both ends', () => {
  expect(spread([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10]);
});
