// Several runs over each other: marked in the table, drawn in one chart a metric, told apart, and kept in the address.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('a comparison', () => {
  const $ = suite();
  const rates = [0.003, 0.03, 0.1];
  let runs;

  before(async () => {
    runs = [];
    for (const learning_rate of rates) {
      const run = await $.hub.launch({ learning_rate, epochs: 20 }, { name: `rate ${learning_rate}`, seed: 7 });
      runs.push(await $.hub.ended(run.id));
    }
  });

  const compare = (...ids) => `/compare?runs=${ids.join(',')}`;
  const all = () => compare(...runs.map((run) => run.id));
  const chart = (page, name) => page.getByRole('article', { name, exact: true });
  const legend = (page) => page.getByRole('complementary', { name: 'Runs compared' });
  const params = (page) => page.getByRole('region', { name: 'Params of the runs' });
  const color = (page, name) => legend(page).getByRole('listitem').filter({ hasText: name }).locator('line').getAttribute('stroke');

  it('is reached by marking runs, with Shift for those in between', async () => {
    const page = await $.open('/');
    await page.getByLabel('Mark rate 0.1').click();
    await page.getByText('1 run marked').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Compare (1)' }).isDisabled());
    await page.getByLabel('Mark rate 0.003').click({ modifiers: ['Shift'] });
    await page.getByText('3 runs marked').waitFor();
    await page.getByLabel('Mark rate 0.03').press('Space');
    await page.getByText('2 runs marked').waitFor();
    await page.getByLabel('Mark all runs of this page').click();
    await page.getByRole('link', { name: 'Compare (3)' }).click();
    await page.getByRole('heading', { name: '3 runs compared' }).waitFor();
    await chart(page, 'train/loss').locator('canvas').waitFor();
    assert.equal(await legend(page).getByRole('listitem').count(), 3);
    await page.goBack();
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
  });

  it('draws a line for each run, and tells all of them at the cursor', async () => {
    const page = await $.open(all());
    const plot = chart(page, 'train/loss').locator('.u-over');
    await plot.waitFor();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
    await page.locator('.tooltip tr').nth(2).waitFor();
    const told = Object.fromEntries((await page.locator('.tooltip tr').evaluateAll((rows) => rows.map((row) => [row.querySelector('.name').textContent, row.querySelector('.value').textContent]))).map(([name, value]) => [name, Number(value)]));
    const step = Number((await page.locator('.tooltip strong').innerText()).replace(/\D/g, ''));
    for (const { id, name } of runs) {
      const { series } = await $.hub.api('GET', `/runs/${id}/points?name=train/loss&from=${step - 20}&to=${step + 20}&max=1000`);
      const [low, high] = [Math.min(...series[0].values), Math.max(...series[0].values)];
      assert.ok(told[name] >= low * 0.999 && told[name] <= high * 1.001, `${name}: ${told[name]} at ${step}, which is not in ${low} to ${high}`);
    }
  });

  it('can be read with the keyboard', async () => {
    const page = await $.open(all());
    await page.getByRole('application', { name: 'Chart of epoch/train_loss' }).focus();
    await page.keyboard.press('End');
    const spoken = chart(page, 'epoch/train_loss').getByText(/^Step 2,000: rate 0\.003 [\d.e−]+, rate 0\.03 [\d.e−]+, rate 0\.1 [\d.e−]+$/);
    await spoken.waitFor();
    const { values } = (await $.hub.api('GET', `/runs/${runs[0].id}/points?name=epoch/train_loss&max=1000`)).series[0];
    assert.ok((await spoken.innerText()).includes(`rate 0.003 ${Number(values.at(-1).toPrecision(4))}`), 'the value is that of the store');
  });

  it('says what differs, first, and what is best', async () => {
    const page = await $.open(all());
    const rows = params(page).getByRole('row');
    await rows.nth(1).waitFor();
    assert.match((await rows.nth(1).innerText()).replace(/\s+/g, ' '), /learning_rate ?≠ differs 0.003 0.03 0.1/);
    assert.ok((await rows.count()) > 5);
    await page.getByLabel('Only what differs').check();
    await page.waitForURL(/params=diff/);
    assert.equal(await rows.count(), 2);
    const figures = page.getByRole('region', { name: 'Figures of the runs' });
    const row = figures.getByRole('row').filter({ hasText: 'epoch/train_loss' });
    const losses = runs.map((run) => run.metrics['epoch/train_loss'].last);
    const best = losses.indexOf(Math.min(...losses));
    assert.match(await row.getByRole('cell').nth(best).innerText(), /★/);
    assert.doesNotMatch(await row.getByRole('cell').nth((best + 1) % 3).innerText(), /★/);
  });

  it('keeps the whole view in its address, and the colours when a run is taken out', async () => {
    const page = await $.open(all() + '&smooth=0.9&y=log&metrics=train%2Floss&steps=100..900');
    await chart(page, 'train/loss').getByText('smoothed 0.9').waitFor();
    assert.equal(await page.getByRole('article').count(), 1);
    await page.getByLabel('Show rate 0.03').uncheck();
    await page.waitForURL(/hide=1/);
    const before = await color(page, 'rate 0.1');
    assert.notEqual(before, await color(page, 'rate 0.003'));
    await page.getByRole('button', { name: 'Take rate 0.003 out' }).click();
    await page.getByRole('heading', { name: '2 runs compared' }).waitFor();
    assert.equal(await color(page, 'rate 0.1'), before);
    await page.reload();
    await chart(page, 'train/loss').getByText('smoothed 0.9').waitFor();
    assert.equal(await color(page, 'rate 0.1'), before, 'and after a reload');
    assert.ok(!(await page.getByLabel('Show rate 0.03').isChecked()));
    assert.ok(await page.getByRole('button', { name: 'Log y', pressed: true }).count());
  });

  it('follows a run that trains', async () => {
    const live = await $.hub.launch({ epochs: 60, steps_per_second: 200 }, { name: 'live' });
    await $.hub.until(live.id, (run) => run.metrics['train/loss']?.count > 0);
    const page = await $.open(compare(runs[1].id, live.id));
    const step = async () => Number(/live last \S+ at step ([\d,]+)/.exec(await chart(page, 'train/loss').locator('.summary').innerText())[1].replaceAll(',', ''));
    await legend(page).getByText('Running').waitFor();
    const first = await step();
    for (let tries = 0; (await step()) <= first + 100; tries++) {
      assert.ok(tries < 50, `the line stays at step ${first}`);
      await page.waitForTimeout(200);
    }
    await $.hub.api('POST', `/runs/${live.id}/stop`, {});
    await legend(page).getByText('Stopped').waitFor();
  });

  it('shows at most twenty, and says so; a run that is not there is named', async () => {
    const ids = [];
    for (let n = 0; n < 22; n++) {
      const run = await $.hub.api('POST', '/experiments/0/tracked-runs', { name: `tracked ${n}` });
      await $.hub.api('POST', `/runs/${run.id}/points`, { series: [{ name: 'loss', steps: [1, 2, 3], values: [3, 2 + n / 10, 1] }] });
      await $.hub.api('POST', `/runs/${run.id}/end`, { state: 'FINISHED' });
      ids.push(run.id);
    }
    const page = await $.open(compare(...ids));
    await page.getByText('The address names 22 runs. The first 20 are shown').waitFor();
    await chart(page, 'loss').locator('canvas').waitFor();
    const looks = await legend(page).locator('line').evaluateAll((lines) => lines.map((line) => `${line.getAttribute('stroke')} ${line.getAttribute('stroke-dasharray')}`));
    assert.equal(new Set(looks).size, 20, 'each looks different');
    const other = await $.open(compare(ids[0], 'ffffffffffffffff'), { expected: /404/ });
    await other.getByText(/^ffffffff: /).waitFor();
    await chart(other, 'loss').locator('canvas').waitFor();
  });

  it('teaches when there is nothing to compare', async () => {
    const page = await $.open('/compare');
    await page.getByRole('heading', { name: 'No runs to compare' }).waitFor();
  });
});
