import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

type Tokens = Record<string, string>;

const blocks = [...css.matchAll(/:root[^{]*\{([^}]*)\}/g)].map(([, body]) => Object.fromEntries([...body!.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!])));
const [light, system, chosen] = blocks as [Tokens, Tokens, Tokens];

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each([
  ['light', light],
  ['dark', chosen],
])('the %s theme', (_, theme) => {
  const on = (name: string, ground: string) => contrast(theme[name]!, theme[ground]!);

  it('has text of at least 4.5:1', () => {
    for (const ground of ['bg', 'surface', 'sunken', 'hover']) for (const name of ['text', 'muted', 'accent']) expect(on(name, ground), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    for (const name of ['accent', 'green', 'red', 'amber', 'violet']) expect(on(name, `${name}-soft`), name).toBeGreaterThanOrEqual(4.5);
    expect(on('on-primary', 'primary')).toBeGreaterThanOrEqual(4.5);
  });

  it('has eight hues of at least 3:1, and borders of controls too', () => {
    for (let hue = 1; hue <= 8; hue++) expect(on(`hue-${hue}`, 'surface'), `hue ${hue}`).toBeGreaterThanOrEqual(3);
    expect(on('border-strong', 'surface')).toBeGreaterThanOrEqual(3);
  });
});

it('is equally dark whether the system or the user chose it', () => {
  expect(system).toEqual(chosen);
});
