// The live feed: one connection for all tabs, and what happens when it is lost.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('the live feed', () => {
  const $ = suite();
  const clients = async () => Number(/^trainyard_live_clients(?:\{.*\})? ([\d.]+)/m.exec(await (await fetch(`${$.hub.url}/metrics`)).text())[1]);

  it('is one connection, however many tabs', async () => {
    const { id } = await $.hub.launchSlow();
    const context = await $.context();
    const pages = [await $.open('/', { context }), await $.open(`/runs/${id}`, { context }), await $.open(`/runs/${id}?tab=log`, { context })];
    for (const page of pages) await page.locator('.feed.live').waitFor();
    await pages[0].waitForTimeout(1000);
    assert.equal(await clients(), 1);
    await $.hub.api('POST', `/runs/${id}/stop`, {});
    await pages[0].locator('tbody tr').first().locator('.badge', { hasText: 'Stopped' }).waitFor();
    await pages[1].locator('.badge', { hasText: 'Stopped' }).waitFor();
  });

  it('says when the hub is gone, and is whole again when it is back', async () => {
    const { id } = await $.hub.launchSlow({ name: 'survivor' });
    await $.hub.until(id, (run) => run.state === 'RUNNING');
    const page = await $.open(`/runs/${id}`, { expected: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|Failed to load|net::/ });
    const count = () => page.locator('article[aria-label="train/loss"] .summary').innerText().then((text) => Number(text.match(/([\d,]+) points/)[1].replaceAll(',', '')));
    await page.locator('.feed.live').waitFor();
    await page.locator('canvas').first().waitFor();
    const before = await count();
    await $.hub.stop('SIGKILL');
    await page.getByText('Reconnecting…').waitFor();
    await page.waitForTimeout(2000);
    await $.hub.begin();
    await page.locator('.feed.live').waitFor({ timeout: 40_000 });
    await page.locator('.badge', { hasText: 'Running' }).waitFor();
    await page.waitForTimeout(3000);
    assert.ok((await count()) > before + 400, `what was trained while the hub was dead is in the curve (${before} → ${await count()})`);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.badge', { hasText: 'Stopped' }).waitFor();
    const run = await $.hub.ended(id);
    await page.waitForTimeout(1500);
    assert.equal(await count(), run.metrics['train/loss'].count, 'no point is missing, none is there twice');
  });
});
