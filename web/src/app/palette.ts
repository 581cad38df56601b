// The colours of the theme for canvases, which know no custom properties.

const HUES = 8;

export function token(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** --hue-1 to --hue-8. */
export function hues(element: Element): string[] {
  return Array.from({ length: HUES }, (_, i) => token(element, `--hue-${i + 1}`));
}
