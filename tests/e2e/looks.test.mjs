// Every page at three widths in both themes: nothing sticks out, nothing jumps, and axe finds nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, describe, it } from 'node:test';
import { suite } from './support/suite.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [390, 1280, 1920];
const THEMES = ['light', 'dark'];
const AT_ONCE = 2;
const MOST_SHIFT = 0.02;

describe('how it looks', () => {
  const $ = suite();
  let finished;
  let clothes;
  let letters;
  let recurrent;
  let compared;

  before(async () => {
    await $.hub.launch({ learning_rate: 5, epochs: 3 }, { name: 'too-fast' });
    finished = await $.hub.launch({ epochs: 60 }, { name: 'a-run-with-a-name-that-is-rather-longer-than-others-are' });
    await $.hub.ended(finished.id);
    clothes = await $.hub.launch({ epochs: 5, hidden_sizes: [32] }, { task: 'mlp', name: 'clothes' });
    await $.hub.ended(clothes.id, 120_000);
    letters = await $.hub.launch({ corpus: 'synthetic' }, { task: 'text-preprocessing', name: 'letters' });
    await $.hub.ended(letters.id);
    const little = { corpus: 'synthetic', max_tokens: 6000, epochs: 3, hidden_size: 32, sample_every: 1, prefixes: ['ab', 'ba'] };
    recurrent = await $.hub.launch({ ...little, vocab: `${letters.id}/vocab.json` }, { task: 'rnn-lm', name: 'recurrent' });
    await $.hub.ended(recurrent.id, 120_000);
    const live = await $.hub.launchSlow({ name: 'live' });
    // A run that starts while one looks gets its progress and its first figures, which take room.
    await $.hub.until(live.id, (run) => run.metrics['train/loss'] !== undefined);
    compared = [finished.id, clothes.id, live.id];
  });

  const pages = {
    runs: () => '/',
    charts: () => `/runs/${finished.id}?smooth=0.9`,
    overview: () => `/runs/${finished.id}?tab=overview`,
    bands: () => `/runs/${clothes.id}`,
    exhibits: () => `/runs/${clothes.id}?tab=exhibits`,
    predict: () => `/runs/${clothes.id}?tab=predict`,
    artifacts: () => `/runs/${clothes.id}?tab=artifacts`,
    zipf: () => `/runs/${letters.id}?tab=exhibits`,
    samples: () => `/runs/${recurrent.id}?tab=exhibits`,
    generate: () => `/runs/${recurrent.id}?tab=generate`,
    inputs: () => `/runs/${recurrent.id}?tab=overview`,
    used: () => `/runs/${letters.id}?tab=artifacts`,
    vocab: () => '/launch?task=rnn-lm',
    compare: () => `/compare?runs=${compared.join(',')}`,
    log: () => `/runs/${finished.id}?tab=log`,
    launch: () => '/launch',
    plugins: () => '/plugins',
  };

  /** What is on a page only after a question. */
  const answered = {
    async generate(page) {
      await page.getByRole('button', { name: 'Generate', exact: true }).click();
      await page.getByRole('region', { name: 'Text', exact: true }).waitFor();
      await page.getByLabel('Text to score').fill('ab ba ab ba');
      await page.getByRole('button', { name: 'Score', exact: true }).click();
      await page.getByRole('article', { name: 'How likely the text is' }).waitFor();
    },
    async vocab(page) {
      await page.getByRole('button', { name: 'Choose a file of a run' }).first().click();
      await page.getByLabel('Run', { exact: true }).selectOption({ index: 1 });
      await page.getByText('Its files').waitFor();
    },
  };

  for (const width of WIDTHS) {
    it(`is right at ${width} px, light and dark`, async () => {
      const context = await $.context({ viewport: { width, height: width < 500 ? 844 : 900 }, colorScheme: 'light' });
      await context.addInitScript(() => {
        window.shift = 0;
        window.moved = [];
        const noted = (entry) => {
          window.shift += entry.value;
          window.moved.push(...entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`));
        };
        new PerformanceObserver((list) => list.getEntries().filter((entry) => !entry.hadRecentInput).forEach(noted)).observe({ type: 'layout-shift', buffered: true });
      });
      const names = Object.keys(pages);
      const next = async () => {
        for (let name = names.shift(); name; name = names.shift()) await looks(context, name);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
    });
  }

  /** One page, as it comes and after its question; a theme is colours only, so the second needs no page of its own. */
  async function looks(context, name) {
    const page = await $.open(pages[name](), { context });
    await page.locator('.feed.live').waitFor();
    await page.waitForTimeout(1200);
    assert.deepEqual(await page.evaluate(stickingOut), [], `${name}: what sticks out`);
    const { shift, moved } = await page.evaluate(() => ({ shift: window.shift, moved: window.moved }));
    assert.ok(shift <= MOST_SHIFT, `${name}: moved by ${shift}: ${moved}`);
    await answered[name]?.(page);
    await page.evaluate(axe);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => Promise.all(document.getAnimations().filter((it) => it instanceof CSSTransition).map((it) => it.finished.catch(() => {}))));
      assert.deepEqual(await page.evaluate(stickingOut), [], `${name}, ${colorScheme}: what sticks out`);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(' ')}`), [], `${name}, ${colorScheme}: axe`);
    }
    await page.close();
  }
});

/** Runs in the page: elements beyond the right edge, and texts that are cut off without saying so. */
function stickingOut() {
  const found = [];
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > edge) found.push('the page scrolls sideways');
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest('.sr-only, .skip, svg, .u-wrap, [role="region"], [role="log"], .toasts, .ellipsis *')) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || style.clipPath !== 'none') continue;
    if (box.right > edge + 1) found.push(`beyond the edge: ${element.tagName}.${element.className}`);
    const cut = element.children.length === 0 && element.scrollWidth > element.clientWidth + 1 && style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis';
    if (cut) found.push(`cut off: ${element.tagName}.${element.className} "${element.textContent.slice(0, 40)}"`);
  }
  return found;
}
