// Takes the pictures of the README and the guide: a real hub, real runs. `npm run screenshots` writes them to platform/docs/images.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchChromium, openContext, openPage } from './support/browser.mjs';
import { Hub } from './support/hub.mjs';

const folder = fileURLToPath(new URL('../../platform/docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });

/** What is on a page only after a question. */
const asked = {
  async predict(page) {
    await page.getByRole('button', { name: /^Try/ }).nth(2).click();
    await page.getByRole('article').getByRole('table').waitFor();
  },
  async generate(page) {
    await page.getByLabel('length', { exact: true }).fill('300');
    await page.getByLabel('temperature', { exact: true }).fill('0.5');
    await page.getByLabel('seed', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    await page.getByRole('article', { name: 'Text with the seed 1' }).waitFor();
    await page.getByLabel('Text to score').fill('the time');
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    await page.getByRole('article', { name: 'How likely the text is' }).waitFor();
    await page.mouse.move(0, 0);
  },
};

const hub = await Hub.start(...(process.env.TRAINYARD_FLAGS?.split(' ') ?? []), '--slots', '3');
const browser = await launchChromium();
try {
  const { id: demo } = await hub.api('POST', '/experiments', { name: 'Demo' });
  for (const learning_rate of [0.003, 0.01, 0.03]) {
    const { id } = await hub.launch({ learning_rate, epochs: 20, noise: 0.5 }, { name: `lr ${learning_rate}` }, demo);
    await hub.ended(id);
  }
  const { id: pictures } = await hub.api('POST', '/experiments', { name: 'Fashion-MNIST' });
  const compared = [];
  for (const [task, name, params] of [['softmax', 'softmax', {}], ['mlp', 'mlp, 256', {}], ['mlp', 'mlp, 256, sigmoid', { activation: 'sigmoid' }], ['mlp', 'mlp, 256, Adam', { optimizer: 'adam', learning_rate: 0.001 }]]) {
    const { id } = await hub.launch({ epochs: 10, ...params }, { task, name, seed: 1 }, pictures);
    compared.push((await hub.ended(id, 300_000)).id);
  }
  const { id: texts } = await hub.api('POST', '/experiments', { name: 'Texts' });
  const recurrent = await hub.launch({ epochs: 40, hidden_size: 256, optimizer: 'adam', learning_rate: 0.002, sample_every: 4, prefixes: ['time traveller', 'the medical man'] }, { task: 'rnn-lm', name: 'RNN, 256', seed: 1 }, texts);
  await hub.ended(recurrent.id, 600_000);
  // What is to be seen training comes last.
  const live = await hub.launch({ epochs: 200, batch_size: 5, noise: 0.5, learning_rate: 0.003, steps_per_second: 250 }, { name: 'linreg, small batches' }, demo);
  await hub.launch({ epochs: 200, steps_per_second: 100, implementation: 'concise' }, { name: 'linreg, concise' }, demo);
  await hub.until(live.id, (run) => (run.progress?.step ?? 0) > 3000);
  const pages = {
    run: `/runs/${live.id}?smooth=0.95&y=log`,
    bands: `/runs/${compared[0]}`,
    exhibits: `/runs/${compared[1]}?tab=exhibits`,
    predict: `/runs/${compared[1]}?tab=predict`,
    generate: `/runs/${recurrent.id}?tab=generate`,
    compare: `/compare?runs=${compared.join(',')}&smooth=0.9`,
  };
  // GitHub shows the README as its reader likes it.
  const inBothThemes = new Set(['run', 'compare']);
  for (const theme of ['light', 'dark']) {
    const context = await openContext(browser, hub, { viewport: { width: 1440, height: 900 }, colorScheme: theme });
    for (const [name, path] of Object.entries(pages)) {
      if (theme === 'dark' && !inBothThemes.has(name)) continue;
      const page = await openPage(context, hub.url + path);
      await page.locator('.feed.live').waitFor();
      await page.waitForTimeout(1500);
      await asked[name]?.(page);
      await page.screenshot({ path: `${folder}${name}-${theme}.png` });
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  await hub.close();
}
