import { describe, expect, it } from 'vitest';
import { bytes, exact, fromLog, plural, short, whole } from './number';
import { ago, dateTime, duration, exactTime } from './time';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.1 + 0.2, '0.3'],
    [0.000123456, '0.0001235'],
    [0.00001234, '1.23e−5'],
    [1234.5678, '1234.6'],
    [999999, '999999'],
    [12345678, '1.23e7'],
    [-3.4, '−3.4'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [null, '–'],
  ])('%s is short %s', (value, text) => expect(short(value)).toBe(text));

  it('is exact where it should be', () => {
    expect(exact(0.1 + 0.2)).toBe('0.30000000000000004');
    expect(exact(-0)).toBe('−0');
    expect(exact(5e-324)).toBe('5e−324');
  });

  it.each([
    [Math.log(0.125), '0.125'],
    [-800, '3.67e−348'],
    [-Infinity, '0'],
    [0, '1'],
  ])('the product with the logarithm %s is %s', (log, text) => expect(fromLog(log)).toBe(text));

  it('groups and counts', () => {
    expect(whole(1234567)).toBe('1,234,567');
    expect(plural(1, 'run')).toBe('1 run');
    expect(plural(0, 'run')).toBe('0 runs');
    expect([999, 1000, 52345, 999600, 5e10].map(bytes)).toEqual(['999 B', '1.0 kB', '52.3 kB', '1.0 MB', '50.0 GB']);
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 23, 8, 5, 9, 123).getTime();

  it('is relative for two weeks, then a date', () => {
    const cases: [number, string][] = [[3, 'just now'], [59, '59 s ago'], [61, '1 min ago'], [7300, '2 h ago'], [90_000, '1 d ago'], [20 * 86400, '2026-11-03']];
    for (const [seconds, text] of cases) expect(ago(now - seconds * 1000, now)).toBe(text);
    expect(ago(now + 5000, now)).toBe('just now');
  });

  it('counts durations', () => {
    expect([450, 12_000, 185_000, 7_620_000, 273_600_000].map(duration)).toEqual(['0.4s', '12s', '3m 05s', '2h 07m', '3d 4h']);
  });

  it('is exact in local time', () => {
    expect(dateTime(now)).toBe('2026-11-23 08:05:09');
    expect(exactTime(now)).toBe('2026-11-23 08:05:09.123');
  });
});
