// One run: its live charts, its facts and its log.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('a run', () => {
  const $ = suite();
  const chart = (page, name) => page.getByRole('article', { name, exact: true });
  const figure = async (page, name) => Number((await chart(page, name).locator('.summary').innerText()).match(/: ([\d,]+) points/)?.[1].replaceAll(',', '') ?? 0);

  it('draws each point as it comes, and ends without a reload', async () => {
    const { id } = await $.hub.launch({ epochs: 30, steps_per_second: 200 }, { name: 'live' });
    const page = await $.open(`/runs/${id}`);
    await page.locator('.badge', { hasText: 'Running' }).waitFor();
    await chart(page, 'train/loss').locator('canvas').waitFor();
    const first = await figure(page, 'train/loss');
    const grown = () => figure(page, 'train/loss').then((now) => now > first);
    for (let tries = 0; !(await grown()); tries++) {
      assert.ok(tries < 50, `the curve stays at ${first} points`);
      await page.waitForTimeout(200);
    }
    assert.equal((await $.hub.api('GET', `/runs/${id}`)).state, 'RUNNING', 'it grew while the run went on');
    await page.locator('.badge', { hasText: 'Finished' }).waitFor();
    await page.waitForFunction(() => document.querySelector('article[aria-label="train/loss"] .summary')?.textContent.includes('3,000 points'));
    assert.equal(await page.locator('.banner').count(), 0);
  });

  it('keeps a chart and its crosshair while points come', async () => {
    const { id } = await $.hub.launch({ epochs: 60, steps_per_second: 200 });
    const page = await $.open(`/runs/${id}`);
    const plot = chart(page, 'train/loss').locator('.u-over');
    await plot.hover();
    await plot.evaluate((over) => (over.dataset.first = 'yes'));
    const before = await figure(page, 'train/loss');
    await page.waitForFunction(
      (least) => Number(document.querySelector('article[aria-label="train/loss"] .summary').textContent.match(/: ([\d,]+) points/)?.[1].replaceAll(',', '')) > least,
      before + 200,
    );
    assert.equal(await plot.getAttribute('data-first'), 'yes', 'the chart is not made anew');
    assert.equal(await page.locator('.tooltip').count(), 1, 'nor does the cursor go');
    await $.hub.api('POST', `/runs/${id}/stop`);
  });

  it('zooms by a drag, down to the very points, and back by a double click', async () => {
    const { id } = await $.hub.launch({ epochs: 100 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}`);
    const plot = chart(page, 'train/loss').locator('.u-over');
    await plot.waitFor();
    const box = await plot.boundingBox();
    const at = (share) => [box.x + box.width * share, box.y + box.height / 2];
    await page.mouse.move(...at(0.5));
    await page.getByText(/points, steps/).waitFor();
    await page.mouse.down();
    await page.mouse.move(...at(0.55), { steps: 4 });
    const fine = page.waitForResponse((response) => /points\?.*from=/.test(response.url()));
    await page.mouse.up();
    const { series } = await (await fine).json();
    assert.ok(series.find((one) => one.name === 'train/loss').raw, 'the zoomed range is raw');
    assert.match(page.url(), /steps=\d+\.\.\d+/);
    await page.mouse.move(...at(0.5));
    await page.locator('.tooltip strong', { hasText: /^Step [\d,]+$/ }).waitFor();
    const { steps, values } = series.find((one) => one.name === 'train/loss');
    const step = Number((await page.locator('.tooltip strong').innerText()).replace(/\D/g, ''));
    const told = await page.locator('.tooltip dd').first().innerText();
    assert.equal(told.replace('−', '-'), String(values[steps.indexOf(step)]), 'the tooltip is exact');
    await page.mouse.dblclick(...at(0.5));
    await page.waitForURL((url) => !url.search.includes('steps='));
  });

  it('keeps the tooltip on the screen', async () => {
    const { id } = await $.hub.launch({ epochs: 30 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}`, { viewport: { width: 390, height: 700 } });
    const plot = chart(page, 'train/loss').locator('.u-over');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    for (const share of [0.02, 0.5, 0.98]) {
      await page.mouse.move(box.x + box.width * share, box.y + 5);
      const tip = await page.locator('.tooltip').boundingBox();
      assert.ok(tip.x >= 0 && tip.y >= 0 && tip.x + tip.width <= 390 && tip.y + tip.height <= 700, JSON.stringify(tip));
    }
  });

  it('can be read with the keyboard and as a table', async () => {
    const { id } = await $.hub.launch({ epochs: 2 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}`);
    const plot = page.getByRole('application', { name: 'Chart of train/loss' });
    await plot.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await chart(page, 'train/loss').getByText(/^Step 199: value/).waitFor();
    await page.keyboard.press('+');
    await page.waitForURL(/steps=/);
    await page.keyboard.press('0');
    await page.waitForURL((url) => !url.search.includes('steps='));
    await page.getByRole('button', { name: 'train/loss as a table' }).click();
    await page.getByRole('region', { name: 'Points of train/loss' }).getByRole('rowheader', { name: '200', exact: true }).waitFor();
  });

  it('keeps smoothing, scale, filter and zoom in the address', async () => {
    const { id } = await $.hub.launch({ epochs: 5 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}?smooth=0.9&y=log&metrics=train%2Floss&steps=100..300`);
    await chart(page, 'train/loss').getByText('smoothed 0.9').waitFor();
    assert.equal(await page.getByRole('article').count(), 1);
    await page.getByRole('button', { name: 'Log y', pressed: true }).waitFor();
    await page.getByLabel('Smoothing').fill('0');
    await page.waitForURL((url) => !url.search.includes('smooth'));
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await page.getByLabel('Filter metrics').fill('');
    assert.ok((await page.getByRole('article').count()) > 1);
  });

  it('tells params, metrics, provenance and the log', async () => {
    const { id } = await $.hub.launch({ epochs: 3, learning_rate: 0.1 }, { seed: 7 });
    await $.hub.ended(id);
    const page = await $.open(`/runs/${id}?tab=overview`);
    const params = page.getByRole('region', { name: 'Params' });
    assert.match(await params.innerText(), /learning_rate\s+0\.1\s+default 0\.03/);
    await page.getByText('trainyard run linreg', { exact: false }).first().waitFor();
    assert.match(await page.locator('.command').innerText(), /--learning-rate 0\.1 .*--seed 7/s);
    assert.match(await page.getByRole('region', { name: 'Provenance' }).innerText(), /plugin\.sha256\s+[0-9a-f]{64}/);
    assert.match(await page.getByRole('region', { name: 'Attempts' }).innerText(), /FINISHED/);
    await page.getByRole('region', { name: 'Summary of the metrics' }).getByRole('row', { name: /train\/loss .* 300 0/ }).waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('log').getByText(/epoch 3, loss/).waitFor();
  });

  it('follows the log while it grows', async () => {
    const { id } = await $.hub.launch({ epochs: 8, steps_per_second: 200 });
    const page = await $.open(`/runs/${id}?tab=log`);
    await page.getByRole('log').getByText(/epoch 1, loss/).waitFor();
    await page.getByRole('log').getByText(/epoch 8, loss/).waitFor();
    const epochs = (await page.getByRole('log').innerText()).match(/epoch \d+, loss/g);
    assert.equal(new Set(epochs).size, epochs.length, 'no line twice');
    assert.equal(epochs.length, 8);
  });

  it('can be renamed and stopped', async () => {
    const { id } = await $.hub.launchSlow();
    const page = await $.open(`/runs/${id}`);
    await page.getByRole('button', { name: 'Rename this run' }).click();
    await page.getByLabel('Name of this run').fill('a better name');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'a better name' }).waitFor();
    assert.equal((await $.hub.api('GET', `/runs/${id}`)).name, 'a better name');
    await $.hub.until(id, (run) => run.state === 'RUNNING');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.badge', { hasText: 'Stopped' }).waitFor();
  });

  it('marks what is not a number, and says how much', async () => {
    const run = await $.hub.api('POST', '/experiments/0/tracked-runs', { name: 'odd values' });
    await $.hub.api('POST', `/runs/${run.id}/points`, { series: [{ name: 'loss', steps: [-2, 0, 1, 2, 3, 4], values: [3, 'NaN', 2, 'Infinity', '-Infinity', 1] }] });
    const page = await $.open(`/runs/${run.id}`);
    assert.match(await chart(page, 'loss').locator('.summary').innerText(), /6 points from step −2 to 4.*1 NaN, 1 \+Infinity, 1 -Infinity/);
    await $.hub.api('POST', `/runs/${run.id}/end`, { state: 'FAILED', reason: 'the client gave up' });
    await page.getByRole('alert').getByText('the client gave up').waitFor();
  });

  it('says so when there is no such run', async () => {
    const page = await $.open('/runs/0123456789abcdef0123456789abcdef', { expected: /404/ });
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'All runs' }).last().click();
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
  });
});
