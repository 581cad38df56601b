// A run on real pictures: what it shows, keeps and answers; whether it is inside the reference bands; and how it is resumed.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('a run on pictures', () => {
  const $ = suite();
  let run;

  before(async () => {
    const task = (await $.hub.api('GET', '/tasks')).tasks.find(({ id }) => id === 'softmax');
    assert.ok(task?.available, task?.reason ?? 'there is no task softmax');
    run = await $.hub.ended((await $.hub.launch({ epochs: 5 }, { task: 'softmax', name: 'clothes', seed: 1 })).id, 120_000);
    assert.equal(run.state, 'FINISHED', run.reason);
  });

  const card = (page, name) => page.getByRole('article', { name, exact: true });
  const exhibit = (name, step) => $.hub.api('GET', `/runs/${run.id}/exhibit?name=${name}${step === undefined ? '' : `&step=${step}`}`);

  it('shows its confusion matrix at every step, exactly, and moves by keys', async () => {
    const page = await $.open(`/runs/${run.id}?tab=exhibits`);
    const matrix = card(page, 'confusion');
    await matrix.getByRole('table').waitFor();
    const shown = async () => (await matrix.locator('tbody td').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
    const steps = (await $.hub.api('GET', `/runs/${run.id}/exhibits`)).exhibits.find(({ name }) => name === 'confusion').entries.map(({ step }) => step);
    assert.equal(steps.length, 5);
    await matrix.getByText('step 1,175').waitFor();
    assert.deepEqual(await shown(), (await exhibit('confusion')).data.counts.flat());
    await matrix.getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('Home');
    await matrix.getByText(`step ${steps[0]}`).waitFor();
    const first = (await exhibit('confusion', steps[0])).data.counts.flat();
    await page.waitForFunction((wanted) => [...document.querySelectorAll('article[aria-label="confusion"] tbody td')].map((td) => Number(td.textContent.replaceAll(',', ''))).join() === wanted, first.join());
    await page.keyboard.press('ArrowRight');
    await matrix.getByText(`step ${steps[1]}`).waitFor();
    await matrix.getByText(/Rows: true\. Columns: predicted\. .* On the diagonal: [\d,]+ of 10,000/).waitFor();
  });

  it('shows pictures pixel by pixel, with their captions', async () => {
    const page = await $.open(`/runs/${run.id}?tab=exhibits`);
    const { pictures } = (await exhibit('samples', 0)).data;
    const canvas = card(page, 'samples').getByRole('img').first();
    await canvas.waitFor();
    assert.equal(await canvas.getAttribute('aria-label'), pictures[0].caption);
    const pixels = await canvas.evaluate((one) => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data].filter((_, i) => i % 4 === 0));
    assert.deepEqual(Buffer.from(pixels), Buffer.from(pictures[0].pixels, 'base64'));
    assert.equal(await canvas.evaluate((one) => getComputedStyle(one).imageRendering), 'pixelated');
  });

  it('follows what is shown while it trains, until the reader goes back', async () => {
    const { id } = await $.hub.launch({ epochs: 40, steps_per_second: 235 }, { task: 'softmax', name: 'live' });
    const page = await $.open(`/runs/${id}?tab=exhibits`);
    const mistakes = card(page, 'mistakes');
    await mistakes.getByText('2 of 2').waitFor();
    await mistakes.getByText('3 of 3').waitFor();
    await mistakes.getByRole('button', { name: 'Step before' }).click();
    await mistakes.getByText('2 of ').waitFor();
    const others = card(page, 'confusion').locator('.of');
    const now = await others.innerText();
    await page.waitForFunction((text) => document.querySelector('article[aria-label="confusion"] .of').textContent !== text, now);
    await mistakes.getByText('step 470').waitFor();
    await mistakes.getByRole('slider').press('End');
    await page.waitForFunction(() => document.querySelector('article[aria-label="mistakes"] .of').textContent === document.querySelector('article[aria-label="confusion"] .of').textContent);
    await $.hub.api('POST', `/runs/${id}/stop`, { force: true });
    await $.hub.ended(id);
  });

  it('says in words whether it is inside the reference bands', async () => {
    const page = await $.open(`/runs/${run.id}`);
    const band = run.bands.find(({ metric, point }) => metric === 'epoch/train_loss' && point === 5);
    assert.equal(band.inside, true, 'or the softmax is wrong');
    const loss = card(page, 'epoch/train_loss');
    const verdicts = loss.locator('.verdict');
    await verdicts.getByText(`Inside the reference band: ${Number(band.value.toPrecision(4))} in ${band.low} to ${band.high} at epoch 5`).waitFor();
    await verdicts.getByText(/Reference band: .* at epoch 10, which is not there yet/).waitFor();
    await loss.locator('canvas').waitFor();
    await page.getByRole('application', { name: 'Chart of epoch/train_loss' }).focus();
    await page.keyboard.press('End');
    await page.locator('.tooltip').getByText(`${band.low} to ${band.high}`).waitFor();
    assert.match(await page.locator('.tooltip').innerText(), /Dive into Deep Learning/);
    await page.getByRole('tab', { name: 'Overview' }).click();
    assert.match(await page.getByRole('region', { name: 'Reference bands' }).innerText(), /Inside the reference band/);
  });

  it('keeps its checkpoints, to be fetched whole', async () => {
    const page = await $.open(`/runs/${run.id}?tab=artifacts`);
    const row = page.getByRole('listitem').filter({ hasText: 'checkpoints/last.npz' });
    assert.match(await row.innerText(), /checkpoint, last[\s\S]*step 1,175, after epoch 5/);
    const download = page.waitForEvent('download');
    await row.getByRole('link', { name: 'Download checkpoints/last.npz' }).click();
    const chunks = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
    const sha256 = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
    assert.equal(await row.locator('code').getAttribute('title'), sha256);
  });

  it('answers about its own pictures, and about those that one brings', async () => {
    const page = await $.open(`/runs/${run.id}?tab=predict`);
    const answer = page.getByRole('article');
    await page.getByRole('button', { name: 'Try ankle boot' }).first().click();
    await answer.getByRole('table').waitFor();
    assert.equal(await answer.locator('tbody tr').count(), 10);
    assert.match(await answer.locator('tbody tr').first().innerText(), /ankle boot\s+\d\d\.\d\d %/);
    const shares = await answer.locator('tbody td').evaluateAll((cells) => cells.map((cell) => Number(cell.title.replace('−', '-'))));
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-4, `they sum to one: ${shares}`);
    const [seen, sample] = await page.evaluate(() => ['article canvas', '.pictures canvas'].map((which) => document.querySelector(which).toDataURL()));
    assert.equal(seen, sample, 'the model saw the very pixels');
    const png = Buffer.from(sample.split(',')[1], 'base64');
    await page.getByLabel('Choose pictures').setInputFiles([{ name: 'boot.png', mimeType: 'image/png', buffer: png }, { name: 'same.png', mimeType: 'image/png', buffer: png }]);
    await page.getByRole('article', { name: 'Answer for same.png' }).getByRole('table').waitFor();
    const both = await page.locator('article tbody').allInnerTexts();
    assert.equal(both[0], both[1]);
  });

  it('says what is wrong with a picture where it was chosen', async () => {
    const page = await $.open(`/runs/${run.id}?tab=predict`, { expected: /400/ });
    await page.getByRole('button', { name: /^Try/ }).first().waitFor();
    await page.getByLabel('Choose pictures').setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }]);
    await page.getByText('notes.txt is no picture that this browser can read').waitFor();
    await page.getByLabel('Choose pictures').setInputFiles([{ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no png') }]);
    await page.getByRole('alert').waitFor();
    assert.match(await page.locator('.answers').innerText(), /broken\.png is no picture/);
  });

  it('explains itself to those who may only look', async () => {
    const page = await $.open(`/runs/${run.id}?tab=predict`, { signedIn: false });
    await page.getByRole('heading', { name: 'Asking needs the key' }).waitFor();
    await page.getByRole('button', { name: /^Try/ }).first().click();
    await page.getByRole('dialog').getByLabel('Printed link, or its key').waitFor();
  });

  it('goes on where it was stopped, as a second attempt', async () => {
    const { id } = await $.hub.launch({ epochs: 200, steps_per_second: 200 }, { task: 'softmax', name: 'halted', options: { checkpoint_every: '1epochs' } });
    const page = await $.open(`/runs/${id}`);
    await $.hub.until(id, (now) => (now.progress?.step ?? 0) > 300);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.badge', { hasText: 'Stopped' }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.badge', { hasText: 'Running' }).waitFor();
    await page.getByText(/, from step [\d,]+/).first().waitFor();
    const again = await $.hub.until(id, (now) => now.attempt === 2 && now.attempts.at(-1)?.from_step > 1);
    await page.getByRole('tab', { name: 'Overview' }).click();
    const attempts = page.getByRole('region', { name: 'Attempts' });
    await attempts.getByText(new RegExp(`running, from step ${again.attempts.at(-1).from_step.toLocaleString('en-US')}`)).waitFor();
    assert.match(await attempts.innerText(), /STOPPED/);
    assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 0);
    await $.hub.api('POST', `/runs/${id}/stop`, { force: true });
    await $.hub.ended(id);
  });

  it('shows layers over steps, and functions as curves', async () => {
    const mlp = await $.hub.ended((await $.hub.launch({ epochs: 2, hidden_sizes: [16] }, { task: 'mlp', name: 'layers' })).id, 120_000);
    const page = await $.open(`/runs/${mlp.id}?tab=exhibits`);
    const weights = card(page, 'weights/1');
    await weights.scrollIntoViewIfNeeded();
    await weights.getByRole('img', { name: /^Heat-map of weights\/1 over 2 steps/ }).waitFor();
    assert.match(await weights.getByRole('img', { name: /^Histogram of weights\/1/ }).getAttribute('aria-label'), /12,544 values/);
    await weights.getByRole('img', { name: /^Heat-map/ }).click({ position: { x: 10, y: 50 } });
    await weights.getByRole('status').getByText('step 235').waitFor();
    const tanh = card(page, 'activation/tanh');
    await tanh.getByRole('application').focus();
    await page.keyboard.press('End');
    await tanh.getByText(/^x 8, tanh\(x\) = .* (0\.99\d*|1), tanh'/).waitFor();
  });
});

describe('a run without pictures', () => {
  const $ = suite();

  it('teaches what would be there', async () => {
    const { id } = await $.hub.launch({ epochs: 1 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}?tab=exhibits`);
    await page.getByRole('heading', { name: 'This run showed nothing' }).waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Predict' }).count(), 0);
  });
});
