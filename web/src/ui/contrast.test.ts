import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

type Tokens = Record<string, string>;

const blocks = [...css.matchAll(/:root[^{]*\{([^}]*)\}/g)].map(([, body]) => Object.fromEntries([...body!.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!])));
const [light, system, chosen] = blocks as [Tokens, Tokens, Tokens];

type Color = [number, number, number];

function linear(hex: string): Color {
  return [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Color;
}

const times = (matrix: Color[], color: Color): Color => matrix.map((row) => row[0] * color[0] + row[1] * color[1] + row[2] * color[2]) as Color;
const clamped = (color: Color): Color => color.map((part) => Math.max(0, Math.min(1, part))) as Color;

function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Oklab: distances in it are those that eyes see. https://bottosson.github.io/posts/oklab/ */
function oklab(color: Color): Color {
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], color);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones.map(Math.cbrt) as Color);
}

/** Eyes that lack one kind of cones: Machado, Oliveira and Fernandes 2009, severity 1. And how far apart two hues must at least be to them. */
const EYES: Record<string, { least: number; sees: Color[] }> = {
  'all cones': { least: 0.13, sees: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] },
  'no red cones': { least: 0.06, sees: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]] },
  'no green cones': { least: 0.06, sees: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]] },
  'no blue cones': { least: 0.045, sees: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]] },
};

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

  it.each(Object.keys(EYES))('has eight hues that eyes with %s tell apart', (eyes) => {
    const { least, sees } = EYES[eyes]!;
    const hues = Array.from({ length: 8 }, (_, i) => oklab(clamped(times(sees, linear(theme[`hue-${i + 1}`]!)))));
    for (const [a, one] of hues.entries())
      for (const [b, other] of hues.entries()) if (a < b) expect(Math.hypot(...one.map((part, i) => part - other[i]!)), `hues ${a + 1} and ${b + 1}`).toBeGreaterThanOrEqual(least);
  });
});

it('is equally dark whether the system or the user chose it', () => {
  expect(system).toEqual(chosen);
});
