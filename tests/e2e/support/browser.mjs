// Chromium, and pages that remember what no page of the dashboard may do: fail in a script, ask another host, break the hub's policy.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

export function launchChromium() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('There is no Chromium. Install it (Debian: apt-get install chromium), or name it in CHROMIUM.');
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Signed in by the printed link, unless `signedIn` is false. */
export async function openContext(browser, hub, { signedIn = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(20_000);
  if (signedIn) {
    const page = await context.newPage();
    await page.goto(hub.link);
    await page.close();
  }
  return context;
}

/** A page and the list of its misdeeds. `expected` says which messages of the console are part of the test. */
export async function openPage(context, url, { expected = /^$/ } = {}) {
  const page = await context.newPage();
  page.misdeeds = [];
  const { origin } = new URL(url);
  page.on('pageerror', (error) => page.misdeeds.push(`script failed: ${error.stack}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) page.misdeeds.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) page.misdeeds.push(`left the host: ${request.url()}`);
  });
  await page.goto(url);
  return page;
}
