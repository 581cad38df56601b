// Runs on texts: vocabularies that other runs read, samples by step, a model that goes on with texts and scores them.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

// The made-up language is there on every machine; so little of it takes a second or two.
const CORPUS = { corpus: 'synthetic' };
const LITTLE = { ...CORPUS, max_tokens: 6000 };

describe('a run on texts', () => {
  const $ = suite();
  let words;
  let run;

  async function trained(task, name, params) {
    const ended = await $.hub.ended((await $.hub.launch(params, { task, name, seed: 1 })).id, 120_000);
    assert.equal(ended.state, 'FINISHED', ended.reason);
    return ended;
  }

  before(async () => {
    words = await trained('text-preprocessing', 'letters', CORPUS);
    run = await trained('rnn-lm', 'recurrent', { ...LITTLE, epochs: 4, hidden_size: 32, sample_every: 1, prefixes: ['ab', 'ba'], vocab: `${words.id.slice(0, 8)}/vocab.json` });
  });

  const card = (page, name) => page.getByRole('article', { name, exact: true });
  const field = (page, name) => page.getByLabel(name, { exact: true });

  it('shows the samples of each prefix beside each other, with all their white space, by step', async () => {
    const page = await $.open(`/runs/${run.id}?tab=exhibits`);
    const { exhibits } = await $.hub.api('GET', `/runs/${run.id}/exhibits`);
    for (const { name, entries } of exhibits.filter(({ kind }) => kind === 'text')) {
      assert.equal(entries.length, 4, name);
      for (const [key, { step }] of [['End', entries.at(-1)], ['Home', entries[0]]]) {
        await card(page, name).getByRole('slider', { name: 'Step' }).press(key);
        const { text } = (await $.hub.api('GET', `/runs/${run.id}/exhibit?name=${name}&step=${step}`)).data;
        await page.waitForFunction(([label, wanted]) => document.querySelector(`article[aria-label="${label}"] .text p`)?.textContent === wanted, [name, text]);
      }
    }
    const [first, second] = await Promise.all(['sample/1', 'sample/2'].map((name) => card(page, name).boundingBox()));
    assert.equal(first.y, second.y, 'beside each other');
  });

  it('goes on with a text: the same for the same seed, another for another', async () => {
    const page = await $.open(`/runs/${run.id}?tab=generate`);
    assert.equal(await field(page, 'prefix').inputValue(), 'ab', 'what the run itself has sampled');
    await field(page, 'prefix').fill('ab ba');
    await field(page, 'length').fill('40');
    await field(page, 'seed').fill('7');
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    const text = page.getByRole('article', { name: 'Text with the seed 7', exact: true });
    await text.getByRole('region').waitFor();
    const expected = await $.hub.api('POST', `/runs/${run.id}/generate`, { prefix: 'ab ba', length: 40, seed: 7 });
    assert.equal(await text.getByRole('region').evaluate((one) => one.textContent), 'ab ba' + expected.text);
    assert.equal(await text.locator('mark').textContent(), 'ab ba');
    await page.getByRole('button', { name: 'Again, another seed' }).click();
    await page.waitForFunction(() => document.querySelectorAll('article mark').length === 2);
    const both = await page.getByRole('region', { name: 'Text', exact: true }).allTextContents();
    assert.notEqual(both[0], both[1]);
    assert.equal(await text.getByRole('button', { name: 'Copy the text' }).count(), 1);
  });

  it('says what is wrong with a question at its field', async () => {
    const page = await $.open(`/runs/${run.id}?tab=generate`);
    await field(page, 'length').fill('0');
    await field(page, 'temperature').fill('101');
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    await page.getByText('must be at least 1, but is 0').waitFor();
    await page.getByText('must be at most 100, but is 101').waitFor();
    assert.equal(await field(page, 'length').getAttribute('aria-invalid'), 'true');
  });

  it('scores a sentence as the product of its factors', async () => {
    const page = await $.open(`/runs/${run.id}?tab=generate`);
    await page.getByLabel('Text to score').fill('ab a');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const factors = page.getByRole('article', { name: 'How likely the text is' });
    await factors.waitFor();
    assert.deepEqual(await factors.locator('tbody th').allTextContents(), ['P(a)', 'P(b | a)', 'P(␣ | a b)', 'P(a | a b ␣)']);
    const shares = await factors.locator('tbody td').evaluateAll((cells) => cells.map((cell) => Number(cell.title.replace('−', '-'))));
    const log = shares.reduce((sum, share) => sum + Math.log(share), 0);
    const perplexity = Number(await factors.locator('dd').first().getAttribute('title'));
    assert.ok(Math.abs(perplexity / Math.exp(-log / 4) - 1) < 1e-12, `${perplexity} of ${shares}`);
  });

  it('shows what was never seen as 0, and the perplexity as infinite', async () => {
    const counted = await trained('ngram-lm', 'counted', { ...LITTLE, order: 2, smoothing: 'mle' });
    const page = await $.open(`/runs/${counted.id}?tab=generate`);
    await page.getByLabel('Text to score').fill('a9');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const factors = page.getByRole('article', { name: 'How likely the text is' });
    await factors.getByText('1 token of the text has the probability 0').waitFor();
    assert.equal(await factors.locator('tbody .figure').last().textContent(), '0');
    assert.match(await factors.locator('dl').innerText(), /Perplexity\s+∞\s+Product\s+0\s+Log-likelihood\s+−∞ nats/);
  });

  it('offers no such questions where the task has no language model', async () => {
    const { id } = await $.hub.launch({ epochs: 1 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}?tab=generate`);
    await page.getByRole('tab', { name: 'Charts', selected: true }).waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Generate' }).count(), 0);
  });

  it('explains itself to those who may only look', async () => {
    const page = await $.open(`/runs/${run.id}?tab=generate`, { signedIn: false });
    await page.getByRole('heading', { name: 'Asking needs the key' }).waitFor();
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Printed link, or its key').waitFor();
  });

  it('shows where its vocabulary came from, and the vocabulary who has used it', async () => {
    const page = await $.open(`/runs/${run.id}?tab=overview`);
    const inputs = page.getByRole('region', { name: 'Inputs' });
    assert.match(await inputs.innerText(), /vocab\s+vocab\.json of letters/);
    const { sha256 } = (await $.hub.api('GET', `/runs/${words.id}/artifacts`)).artifacts.find(({ path }) => path === 'vocab.json');
    assert.equal(await inputs.locator('code[title]').getAttribute('title'), sha256);
    await inputs.getByRole('link', { name: 'letters' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'vocab.json' });
    await row.getByText('Used by').waitFor();
    await row.getByRole('link', { name: 'recurrent' }).click();
    await page.getByRole('heading', { name: 'recurrent' }).waitFor();
  });

  it('takes a file of another run from the launch form', async () => {
    const page = await $.open('/launch?task=rnn-lm', { expected: /400/ });
    const vocab = page.getByLabel('vocab', { exact: true });
    await page.getByRole('button', { name: 'Choose a file of a run' }).first().click();
    await page.getByLabel('Run', { exact: true }).selectOption({ label: await page.getByRole('option', { name: /^letters · text-preprocessing/ }).textContent() });
    await page.getByRole('button', { name: /^vocab\.json/ }).click();
    assert.equal(await vocab.inputValue(), `${words.id}/vocab.json`);
    await page.getByText('vocab.json of letters').waitFor();
    await page.getByText(`--vocab ${words.id}/vocab.json`).waitFor();
    await vocab.fill(`${words.id.slice(0, 8)}/words.json`);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByText(/cannot be found: run letters .* keeps no words\.json, but .*vocab\.json/).first().waitFor();
  });

  it('draws frequencies by rank on logarithmic axes', async () => {
    const page = await $.open(`/runs/${words.id}?tab=exhibits`);
    const zipf = card(page, 'zipf');
    await zipf.scrollIntoViewIfNeeded();
    const chart = zipf.getByRole('application');
    await chart.waitFor();
    assert.match(await chart.getAttribute('aria-label'), /, on logarithmic axes\./);
    const { data } = await $.hub.api('GET', `/runs/${words.id}/exhibit?name=zipf`);
    assert.equal(data.log_x && data.log_y, true);
    await chart.focus();
    await page.keyboard.press('Home');
    await zipf.getByText(new RegExp(`^${data.x_label} ${data.x[0]}, `)).waitFor();
  });

  it('that explodes without clipping has diverged, at the step that it says', async () => {
    const wild = { ...LITTLE, epochs: 6, hidden_size: 32, cell: 'rnn_relu', init: 'uniform', clip: 0, learning_rate: 500, prefixes: [] };
    const { id } = await $.hub.launch(wild, { task: 'rnn-lm', name: 'wild', seed: 1 });
    const diverged = await $.hub.ended(id, 120_000);
    assert.equal(diverged.state, 'DIVERGED', diverged.reason);
    const step = /step (\d+)/.exec(diverged.reason)[1];
    const page = await $.open(`/runs/${id}`);
    await page.locator('.badge', { hasText: 'Diverged' }).waitFor();
    await page.getByText(new RegExp(`Diverged at step ${step}: `)).waitFor();
    const { series } = await $.hub.api('GET', `/runs/${id}/points?name=train/loss`);
    assert.equal(series[0].steps.at(-1), Number(step), 'the step that exploded is a point');
    assert.match(String(series[0].values.at(-1)), /NaN|Infinity/);
  });
});
