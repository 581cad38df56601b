// What a visitor downloads.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { suite } from './support/suite.mjs';

const FIRST_ROUTE = 150_000;
const EVERYTHING = 600_000;

describe('what is downloaded', () => {
  const $ = suite();

  it('is little for the first page, and not much for all', async () => {
    const context = await $.context();
    const sizes = new Map();
    context.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      if (/^\/(assets\/|theme\.js)/.test(pathname)) sizes.set(pathname, gzipSync(await response.body()).length);
    });
    const total = (fits) => [...sizes].filter(([path]) => fits(path)).reduce((sum, [, size]) => sum + size, 0);
    const page = await $.open('/', { context });
    await page.locator('.feed.live').waitFor();
    await page.waitForLoadState('load');
    const script = total((path) => path.endsWith('.js'));
    assert.ok(script > 10_000 && script <= FIRST_ROUTE, `JavaScript of the first page: ${script} bytes with gzip`);
    const { id } = await $.hub.launch({ epochs: 1 });
    for (const path of [`/runs/${id}`, `/compare?runs=${id}`, '/launch', '/plugins']) await (await $.open(path, { context })).locator('h1').first().waitFor();
    const all = total(() => true);
    assert.ok(all <= EVERYTHING, `everything: ${all} bytes with gzip`);
  });
});
