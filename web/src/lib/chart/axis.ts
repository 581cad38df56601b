// Labels of axes: as many decimals as the distance between two ticks needs, no more.

const minus = (text: string) => text.replace(/^-/, '−').replace(/e-/, 'e−').replace('e+', 'e');

export function valueLabels(splits: readonly (number | null)[], increment: number): string[] {
  const largest = Math.max(...splits.map((value) => Math.abs(value ?? 0)));
  const scientific = largest >= 1e6 || (largest > 0 && largest < 1e-3);
  const decimals = decimalsOf(increment);
  return splits.map((value) => {
    if (value === null) return '';
    if (value === 0) return '0';
    if (!scientific) return minus(value.toFixed(decimals));
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(increment) + 1e-9));
    return minus(value.toExponential(Math.min(6, digits)));
  });
}

/** How many decimals a tick's distance has: 0.25 has two, 0.5 one. */
function decimalsOf(increment: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = increment * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

/** On a logarithmic axis each tick stands alone. */
export function logLabels(splits: readonly (number | null)[]): string[] {
  return splits.map((value) => {
    if (value === null) return '';
    return minus(value >= 1e6 || value < 1e-3 ? value.toExponential(0) : String(Number(value.toPrecision(3))));
  });
}

const SUFFIXES = ['', 'k', 'M', 'G', 'T'];

/** Steps: 500, 10k, 1500k, 20M. */
export function stepLabels(splits: readonly (number | null)[]): string[] {
  return splits.map((value) => {
    if (value === null || !Number.isInteger(value)) return '';
    let size = Math.abs(value);
    let suffix = 0;
    while (size >= 10_000 && suffix < SUFFIXES.length - 1) {
      size /= 1000;
      suffix++;
    }
    const text = Number.isInteger(size) ? String(size) : String(Number(size.toFixed(3)));
    return (value < 0 ? '−' : '') + text + SUFFIXES[suffix];
  });
}
