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

/** Ticks of a logarithmic axis from `min` to `max`, both positive: 1, 2, 5 or powers of ten, and even ones within a fraction of a decade. */
export function logSplits(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  if (decades < 0.7) return evenSplits(min, max);
  const mantissas = decades < 2.5 ? [1, 2, 5] : [1];
  const stride = Math.ceil(decades / 6);
  const splits: number[] = [];
  for (let exponent = Math.floor(Math.log10(min)); exponent <= Math.ceil(Math.log10(max)); exponent++) {
    if (exponent % stride !== 0) continue;
    for (const mantissa of mantissas) {
      const split = Number(`${mantissa}e${exponent}`);
      if (split >= min && split <= max) splits.push(split);
    }
  }
  return splits;
}

/** Ticks at even distances of 1, 2, 2.5 or 5 times a power of ten, for any doubles: uPlot's own end at 1e33. */
export function evenSplits(min: number, max: number, intervals = 4): number[] {
  const rough = (max - min) / intervals;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 2.5, 5].find((nice) => nice * unit >= rough) ?? 10);
  const first = Math.ceil(min / step);
  const splits: number[] = [];
  for (let n = 0; n <= intervals + 1; n++) {
    const split = Number(((first + n) * step).toPrecision(15));
    if (split <= max) splits.push(split);
  }
  return splits;
}

/** On a logarithmic axis each tick stands alone. */
export function logLabels(splits: readonly (number | null)[]): string[] {
  return splits.map((value) => {
    if (value === null) return '';
    return minus(value >= 1e6 || value < 1e-3 ? value.toExponential().replace(/(\.\d{2})\d+/, '$1') : String(Number(value.toPrecision(4))));
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
