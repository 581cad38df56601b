// The launch form, and who may use it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('the launch form', () => {
  const $ = suite();
  const launch = (page) => page.locator('button[form="launch"]');

  it('is drawn from the task, shows the command, and launches', async () => {
    const page = await $.open('/launch');
    const { params } = (await $.hub.api('GET', '/tasks')).tasks.find((task) => task.id === 'linreg');
    for (const { name } of params) await page.locator('label', { hasText: name }).first().waitFor();
    await page.getByLabel('learning_rate').fill('0.1');
    await page.getByLabel('true_w').fill('1, -2, 3');
    await page.locator('label', { hasText: 'concise' }).click();
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Experiment').selectOption('');
    await page.getByLabel('Name of the new experiment').fill("Ada's runs");
    assert.equal((await page.locator('.command code').innerText()).replace(/\s+/g, ' '), `trainyard run linreg --implementation concise --true-w 1,-2,3 --learning-rate 0.1 --experiment 'Ada'\\''s runs' --seed 7`);
    await launch(page).click();
    await page.waitForURL(/\/runs\/[0-9a-f]{32}$/);
    const run = await $.hub.ended(page.url().split('/').pop());
    assert.equal(run.experiment, "Ada's runs");
    assert.deepEqual([run.params.learning_rate, run.params.true_w, run.params.implementation, run.seed], [0.1, [1, -2, 3], 'concise', 7]);
  });

  it('names every bad field at once, before it asks the hub', async () => {
    const page = await $.open('/launch');
    await page.getByLabel('learning_rate').fill('-1');
    await page.getByLabel('epochs').fill('2.5');
    await page.getByLabel('true_w').fill('');
    await launch(page).click();
    await page.getByText('must be greater than 0, but is -1').waitFor();
    await page.getByText('must be a whole number, but is 2.5').waitFor();
    await page.getByText('must have at least 1 element').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-invalid')), 'true');
    assert.equal((await $.hub.api('GET', '/runs?state=QUEUED,RUNNING')).total, 0);
    await page.getByRole('button', { name: 'default 0.03' }).click();
    assert.equal(await page.getByLabel('learning_rate').inputValue(), '0.03');
  });

  it('folds away the device and the checkpoints, and names what is wrong with them', async () => {
    const page = await $.open('/launch?task=linreg');
    await page.getByText('More options').click();
    await page.getByLabel('Device').fill('tpu');
    await page.getByLabel('Checkpoint every').fill('2epochs');
    await page.getByText('must be auto, cpu or gpu:N (gpu:0, say), but is tpu').waitFor();
    await page.getByText('More options').click();
    await launch(page).click();
    await page.getByText('must be auto, cpu or gpu:N (gpu:0, say), but is tpu').waitFor();
    await page.getByLabel('Device').fill('cpu');
    await page.getByLabel('epochs').first().fill('1');
    assert.match(await page.locator('.command code').innerText(), /--device cpu\s+--checkpoint-every 2epochs/);
    await launch(page).click();
    await page.waitForURL(/\/runs\/[0-9a-f]{32}$/);
    const run = await $.hub.ended(page.url().split('/').pop());
    assert.deepEqual(run.options, { device: 'cpu', checkpoint_every: '2epochs' });
  });

  it('puts what the hub finds wrong beside its field', async () => {
    const page = await $.open('/launch', { expected: /400/ });
    await page.route('**/api/v1/experiments/0/runs', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Bad Request', status: 400, detail: '2 of the params are not valid.', errors: [{ field: 'params.noise', message: 'is too loud today' }, { field: 'params.unknown', message: 'is not a param of linreg' }] }),
      }),
    );
    await launch(page).click();
    await page.getByText('is too loud today').waitFor();
    await page.getByText('2 of the params are not valid.').waitFor();
    await page.getByText('is not a param of linreg').waitFor();
    assert.equal(await page.getByLabel('noise').getAttribute('aria-invalid'), 'true');
  });

  it('starts from the params of another run', async () => {
    const run = await $.hub.launch({ epochs: 2, batch_size: 20, true_w: [5] }, { name: 'model' });
    await $.hub.ended(run.id);
    const page = await $.open(`/runs/${run.id}`);
    await page.getByRole('link', { name: 'Edit and run' }).click();
    await page.getByText('Params of model').waitFor();
    assert.deepEqual([await page.getByLabel('batch_size').inputValue(), await page.getByLabel('true_w').inputValue()], ['20', '5']);
  });

  it('explains itself to those who may only look, and lets them in by the printed link', async () => {
    const page = await $.open('/launch?task=linreg', { signedIn: false });
    await page.getByRole('heading', { name: 'Launching needs the key' }).waitFor();
    await launch(page).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Printed link, or its key').fill($.hub.link);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(/\/launch\?task=linreg$/);
    await page.getByLabel('epochs').fill('1');
    assert.equal(await page.getByRole('heading', { name: 'Launching needs the key' }).count(), 0);
    await launch(page).click();
    await page.waitForURL(/\/runs\//);
  });
});

describe('a hub that asks everybody for its key', () => {
  const $ = suite('--require-token');

  it('shows nothing but how to get in', async () => {
    const page = await $.open('/', { signedIn: false, expected: /401/ });
    await page.getByRole('heading', { name: 'This hub asks who you are' }).waitFor();
    await page.getByLabel('Printed link, or its key').fill($.hub.link);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'The yard is empty' }).waitFor();
  });
});
