// What every test file begins with: one hub, one browser, and a check that no page misbehaved.

import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { launchChromium, openContext, openPage } from './browser.mjs';
import { Hub } from './hub.mjs';

export function suite(...flags) {
  const shared = { contexts: [], pages: [] };

  before(async () => {
    shared.hub = await Hub.start(...(process.env.TRAINYARD_FLAGS?.split(' ') ?? []), ...flags);
    shared.browser = await launchChromium();
  });

  afterEach(async () => {
    const misdeeds = shared.pages.flatMap((page) => page.misdeeds);
    await Promise.all(shared.contexts.map((context) => context.close()));
    shared.contexts = [];
    shared.pages = [];
    assert.deepEqual(misdeeds, []);
  });

  after(async () => {
    await shared.browser?.close();
    await shared.hub?.close();
  });

  shared.context = async (options) => {
    const context = await openContext(shared.browser, shared.hub, options);
    shared.contexts.push(context);
    return context;
  };

  shared.open = async (path, { context, expected, ...options } = {}) => {
    const page = await openPage(context ?? (await shared.context(options)), shared.hub.url + path, { expected });
    shared.pages.push(page);
    return page;
  };

  return shared;
}
