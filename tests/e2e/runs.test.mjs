// The list of runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('the list of runs', () => {
  const $ = suite();
  const rows = (page) => page.locator('table.runs tbody tr:not(.waiting)');

  it('teaches when there is nothing to list', async () => {
    const page = await $.open('/');
    await page.getByRole('heading', { name: 'The yard is empty' }).waitFor();
    assert.match(await page.locator('.empty').innerText(), /\.\/trainyard demo/);
  });

  it('shows a run that begins elsewhere, without a reload, and follows it to its end', async () => {
    const page = await $.open('/');
    await page.getByRole('heading', { name: 'The yard is empty' }).waitFor();
    await $.hub.launch({ epochs: 20, steps_per_second: 1000 }, { name: 'from-elsewhere' });
    const row = rows(page).filter({ hasText: 'from-elsewhere' });
    await row.locator('.badge', { hasText: 'Running' }).waitFor();
    await row.locator('.badge', { hasText: 'Finished' }).waitFor();
    assert.match(await row.locator('.metric').first().innerText(), /\d/);
  });

  it('sorts, searches and filters in the address, and the back button undoes a step', async () => {
    const experiment = await $.hub.api('POST', '/experiments', { name: 'Sorting' });
    for (const name of ['beta', 'alpha', 'gamma']) await $.hub.ended((await $.hub.launch({ epochs: 1 }, { name }, experiment.id)).id);
    const page = await $.open('/');
    await page.getByRole('link', { name: /^Sorting/ }).click();
    const names = () => rows(page).locator('td.name a').allInnerTexts();
    const shown = (expected) => page.waitForFunction((list) => [...document.querySelectorAll('table.runs td.name a')].map((a) => a.textContent).join() === list, expected.join());
    await shown(['gamma', 'alpha', 'beta']);
    await page.getByRole('button', { name: 'Name' }).click();
    await shown(['alpha', 'beta', 'gamma']);
    assert.match(page.url(), /sort=name&order=asc/);
    await page.getByLabel('Search runs').fill('bet');
    await shown(['beta']);
    assert.match(page.url(), /search=bet/);
    await page.reload();
    await shown(['beta']);
    await page.getByLabel('Search runs').fill('');
    await shown(['alpha', 'beta', 'gamma']);
    await page.getByRole('button', { name: 'Failed' }).click();
    await page.getByRole('heading', { name: 'No run fits' }).waitFor();
    await page.getByRole('button', { name: 'Show all runs' }).click();
    assert.equal((await shown(['alpha', 'beta', 'gamma']), await names()).length, 3);
    await page.getByRole('link', { name: 'beta' }).click();
    await page.getByRole('heading', { name: 'beta' }).waitFor();
    await page.goBack();
    await shown(['alpha', 'beta', 'gamma']);
  });

  it('deletes with a way back', async () => {
    await $.hub.ended((await $.hub.launch({ epochs: 1 }, { name: 'precious' })).id);
    const page = await $.open('/');
    const row = rows(page).filter({ hasText: 'precious' });
    await row.getByRole('button', { name: 'Delete precious' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
  });

  it('stops a run and runs it again from its row', async () => {
    const { id } = await $.hub.launchSlow({ name: 'long' });
    const page = await $.open('/');
    const row = rows(page).filter({ hasText: 'long' });
    await row.locator('.badge', { hasText: 'Running' }).waitFor();
    await row.getByRole('button', { name: 'Stop long' }).click();
    await row.locator('.badge', { hasText: 'Stopped' }).waitFor();
    assert.equal((await $.hub.ended(id)).state, 'STOPPED');
    await row.getByRole('button', { name: 'Run long again' }).click();
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f]{32}$/);
    assert.ok(!page.url().includes(id));
    await page.getByText('Rerun of').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.badge', { hasText: 'Stopped' }).waitFor();
  });

  it('survives an address that makes no sense', async () => {
    const page = await $.open('/?experiment=..%2F..&state=FLYING&sort=%00&page=1e9&order=sideways');
    await page.getByRole('heading', { name: 'All runs' }).waitFor();
    await rows(page).first().waitFor();
    await page.goto(`${$.hub.url}/?page=999`);
    await rows(page).first().waitFor();
  });
});
