// The list of plugins.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

describe('the list of plugins', () => {
  const $ = suite();

  it('shows what is loaded, with its hash, and at once what is put in and why it is refused', async () => {
    const page = await $.open('/plugins');
    const linreg = page.getByRole('listitem').filter({ hasText: 'trainyard-linreg' });
    await linreg.getByText('Loaded').waitFor();
    const known = (await $.hub.api('GET', '/plugins')).plugins.find((plugin) => plugin.tasks.includes('linreg'));
    assert.equal(await linreg.locator('code').innerText(), known.sha256);

    const folder = join($.hub.home, 'plugins');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'broken.jar');
    writeFileSync(file, 'this is no JAR');
    const broken = page.getByRole('listitem').filter({ hasText: 'broken.jar' });
    await broken.getByText('Rejected').waitFor();
    assert.ok((await broken.locator('.reason').innerText()).length > 10, 'the reason is told');
    assert.equal(await broken.locator('code').innerText(), createHash('sha256').update(readFileSync(file)).digest('hex'));
  });
});
