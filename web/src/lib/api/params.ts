// Between a param's value and what a person types for it; the same checks that the hub makes, made while typing.

import type { ListParam, Param, RealParam } from './model';

export type Draft = string | boolean;
export type Parsed = { value: unknown; error?: undefined } | { error: string; value?: undefined };

const ARTIFACT = /^[0-9a-f]{6,32}\/\S+$/;

/** What the form shows for a value; an empty text is "not given". */
export function toDraft(param: Param, value: unknown): Draft {
  if (param.type === 'flag') return value === true;
  if (value === null || value === undefined) return '';
  if (param.type === 'optional') return toDraft(param.element, value);
  if (param.type === 'list' && Array.isArray(value)) return value.map((item) => toDraft(param.element, item)).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function parseDraft(param: Param, draft: Draft): Parsed {
  if (typeof draft === 'boolean') return { value: draft };
  const text = draft.trim();
  switch (param.type) {
    case 'text':
      return parseText(param.max_length, draft, param.default);
    case 'optional':
      return text === '' ? { value: null } : parseDraft(param.element, draft);
    case 'list':
      return parseList(param, text);
    default:
      if (text === '') return { error: 'must be given' };
  }
  if (param.type === 'real' || param.type === 'int') return parseNumber(param, text);
  if (param.type === 'artifact') return ARTIFACT.test(text) ? { value: text } : { error: 'must be the id of a run (or 6 digits of it or more), a slash and the path of an artifact' };
  if (param.type === 'choice') return param.choices.includes(text) ? { value: text } : { error: `must be one of ${param.choices.join(', ')}` };
  if (param.type === 'flag') return /^(true|false)$/.test(text) ? { value: text === 'true' } : { error: 'must be true or false' };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { value: text };
  }
}

function parseText(maxLength: number | null, draft: string, fallback: string | null): Parsed {
  if (draft === '' && fallback === null) return { error: 'must be given' };
  if (maxLength !== null && draft.length > maxLength) return { error: `must have at most ${maxLength} characters, but has ${draft.length}` };
  return { value: draft };
}

function parseNumber(param: RealParam, text: string): Parsed {
  const value = Number(text);
  if (param.type === 'int' && !(Number.isSafeInteger(value) && /^[+-]?\d+$/.test(text))) return { error: `must be a whole number, but is ${text}` };
  if (!Number.isFinite(value)) return { error: `must be a number, but is ${text}` };
  const { min, max } = param;
  if (min !== null && param.min_exclusive && value <= min) return { error: `must be greater than ${min}, but is ${text}` };
  if (min !== null && value < min) return { error: `must be at least ${min}, but is ${text}` };
  if (max !== null && value > max) return { error: `must be at most ${max}, but is ${text}` };
  return { value };
}

function parseList(param: ListParam, text: string): Parsed {
  const items = text
    .replace(/^\[|\]$/g, '')
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const { min_size, max_size } = param;
  if (min_size !== null && items.length < min_size) return { error: `must have at least ${elements(min_size)}` };
  if (max_size !== null && items.length > max_size) return { error: `must have at most ${elements(max_size)}, but has ${items.length}` };
  const value: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = parseDraft(param.element, item);
    if (parsed.error !== undefined) return { error: `element ${index + 1} ${parsed.error}` };
    value.push(parsed.value);
  }
  return { value };
}

const elements = (count: number) => (count === 1 ? '1 element' : `${count} elements`);

/** "greater than 0", "1 to 100000", "2 to 5 elements": what the field says beside its help. */
export function describeBounds(param: Param): string {
  switch (param.type) {
    case 'real':
    case 'int': {
      const { min, max, min_exclusive: exclusive } = param;
      if (min !== null && max !== null) return exclusive ? `greater than ${grouped(min)}, at most ${grouped(max)}` : `${grouped(min)} to ${grouped(max)}`;
      if (min !== null) return exclusive ? `greater than ${grouped(min)}` : `at least ${grouped(min)}`;
      return max !== null ? `at most ${grouped(max)}` : '';
    }
    case 'list':
      return ['separated by commas', describeBounds(param.element)].filter(Boolean).join(', each ');
    case 'optional':
      return ['optional', describeBounds(param.element)].filter(Boolean).join(', ');
    default:
      return '';
  }
}

const grouped = (value: number) => (Number.isInteger(value) ? value.toLocaleString('en-US') : String(value));

export function isRequired(param: Param): boolean {
  return param.type !== 'optional' && param.default === null;
}

/** What the plugin says of a param, as a sentence, and its bounds as another. */
export function describeParam(param: Param): string {
  return [param.help, describeBounds(param)].map(sentence).filter(Boolean).join(' ');
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return '';
  return trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? '' : '.');
}

/** The value of a param for people: lists and objects as JSON. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value).replace(/,/g, ', ');
}
