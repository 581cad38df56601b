// Takes the pictures of the README and the guide: a real hub, real runs. `npm run screenshots` writes them to platform/docs/images.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchChromium, openContext, openPage } from './support/browser.mjs';
import { Hub } from './support/hub.mjs';

const folder = fileURLToPath(new URL('../../platform/docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });

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
  // What is to be seen training comes last.
  const live = await hub.launch({ epochs: 200, batch_size: 5, noise: 0.5, learning_rate: 0.003, steps_per_second: 250 }, { name: 'linreg, small batches' }, demo);
  await hub.launch({ epochs: 200, steps_per_second: 100, implementation: 'concise' }, { name: 'linreg, concise' }, demo);
  await hub.until(live.id, (run) => (run.progress?.step ?? 0) > 3000);
  const pages = {
    run: `/runs/${live.id}?smooth=0.95&y=log`,
    bands: `/runs/${compared[0]}`,
    exhibits: `/runs/${compared[1]}?tab=exhibits`,
    predict: `/runs/${compared[1]}?tab=predict`,
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
      if (name === 'predict') {
        await page.getByRole('button', { name: /^Try/ }).nth(2).click();
        await page.getByRole('article').getByRole('table').waitFor();
      }
      await page.screenshot({ path: `${folder}${name}-${theme}.png` });
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
  await hub.close();
}
