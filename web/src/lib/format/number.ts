// Numbers for people: short in tables and on axes, exact where someone looks closer.

const NAMED: Record<string, string> = { NaN: 'NaN', Infinity: '∞', '-Infinity': '−∞' };

/** Short: four significant digits, never wider than nine characters. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const named = NAMED[String(value)];
  if (named) return named;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return minus(value.toExponential(2).replace('e+', 'e'));
  if (Number.isInteger(value)) return minus(String(value));
  return minus(size >= 1000 ? value.toFixed(1) : trim(value.toPrecision(4)));
}

/** Exact: the shortest text that reads back as the same double. */
export function exact(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return minus(NAMED[String(value)] ?? (Object.is(value, -0) ? '-0' : String(value)));
}

/** A product from the sum of its logarithms, also where it is smaller than any double but 0. */
export function fromLog(log: number): string {
  if (!(log < -700) || log === -Infinity) return short(Math.exp(log));
  const log10 = log / Math.LN10;
  const exponent = Math.floor(log10);
  return minus(`${(10 ** (log10 - exponent)).toFixed(2)}e${exponent}`);
}

/** 1234567 → 1,234,567 */
export function whole(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : minus(value.toLocaleString('en-US', { maximumFractionDigits: 0 }));
}

export function plural(count: number, one: string, many = one + 's'): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const minus = (text: string) => text.replace(/^-/, '−').replace(/e-/, 'e−');
