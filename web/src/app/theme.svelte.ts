// Light, dark, or as the system has it.

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'trainyard.theme';

class ThemeChoice {
  choice = $state<Theme>(THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system');
  /** Grows whenever the colours change, whoever changed them; canvases watch it. */
  revision = $state(0);

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.revision++);
  }

  next(): void {
    this.choice = THEMES[(THEMES.indexOf(this.choice) + 1) % THEMES.length]!;
    if (this.choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.choice;
    try {
      if (this.choice === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, this.choice);
    } catch {
      // Storage is forbidden: the choice lasts as long as the page.
    }
    this.revision++;
  }
}

export const theme = new ThemeChoice();
