import { readdirSync, readFileSync } from 'node:fs';

/** Writes the licences of what the bundle contains to licenses.txt, as their terms ask. */
export function licenses(packages) {
  return {
    name: 'licenses',
    apply: 'build',
    generateBundle() {
      const texts = packages.map((name) => {
        const folder = new URL(`../node_modules/${name}/`, import.meta.url);
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        return `${name}\n\n${readFileSync(new URL(file, folder), 'utf8').trim()}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join('\n\n----\n\n') });
    },
  };
}
