import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    // The runs table is laid out as cards on narrow screens, where some browsers drop the roles that its elements imply.
    warningFilter: (warning) => warning.code !== 'a11y_no_redundant_roles',
  },
};
