import { defineConfig } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { licenses } from './dev/licenses.js';

// TRAINYARD_URL points `npm run dev` at a running hub; without it the development hub in dev/ answers.
const hub = process.env.TRAINYARD_URL;

export default defineConfig(async ({ command, mode }) => ({
  plugins: [
    svelte(),
    licenses(['uplot', 'svelte', '@fontsource-variable/inter']),
    command === 'serve' && mode !== 'test' && !hub ? (await import('./dev/hub.js')).developmentHub() : null,
  ],
  server: hub ? { proxy: { '/api': hub, '/login': hub, '/docs': hub } } : {},
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // The hub's content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['src/**/*.test.ts'], css: true },
}));
