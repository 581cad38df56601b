// Decoders turn parsed JSON into typed values, and name the field that does not fit. Unknown fields are let through: a newer
// hub may say more.

export type Decoder<T> = (json: unknown, path: string) => T;
export type Infer<D> = D extends Decoder<infer T> ? T : never;

const LONGEST = 120;

export class ShapeError extends Error {
  constructor(path: string, wanted: string, json: unknown) {
    const found = JSON.stringify(json) ?? 'missing';
    super(`${path || 'answer'} should be ${wanted}, but is ${found.length > LONGEST ? `${found.slice(0, LONGEST)}…` : found}`);
    this.name = 'ShapeError';
  }
}

export const string: Decoder<string> = (json, path) => {
  if (typeof json !== 'string') throw new ShapeError(path, 'a string', json);
  return json;
};

export const number: Decoder<number> = (json, path) => {
  if (typeof json !== 'number') throw new ShapeError(path, 'a number', json);
  return json;
};

export const boolean: Decoder<boolean> = (json, path) => {
  if (typeof json !== 'boolean') throw new ShapeError(path, 'true or false', json);
  return json;
};

export const unknown: Decoder<unknown> = (json) => json;

const NON_FINITE: Record<string, number> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };

/** A point's value: JSON has no NaN and no infinities, so they travel as strings. */
export const value: Decoder<number> = (json, path) => {
  if (typeof json === 'number') return json;
  const named = typeof json === 'string' ? NON_FINITE[json] : undefined;
  if (named === undefined) throw new ShapeError(path, 'a number, "NaN", "Infinity" or "-Infinity"', json);
  return named;
};

export function nullable<T>(inner: Decoder<T>): Decoder<T | null> {
  return (json, path) => (json === null || json === undefined ? null : inner(json, path));
}

export function list<T>(inner: Decoder<T>): Decoder<T[]> {
  return (json, path) => {
    if (!Array.isArray(json)) throw new ShapeError(path, 'a list', json);
    const out = new Array<T>(json.length);
    for (let i = 0; i < json.length; i++) out[i] = inner(json[i], path);
    return out;
  };
}

export function record<T>(inner: Decoder<T>): Decoder<Record<string, T>> {
  return (json, path) => {
    const out: Record<string, T> = {};
    for (const [key, item] of Object.entries(plainObject(json, path))) out[key] = inner(item, `${path}.${key}`);
    return out;
  };
}

export function literal<const T extends string>(...allowed: T[]): Decoder<T> {
  return (json, path) => {
    if (!allowed.includes(json as T)) throw new ShapeError(path, `one of ${allowed.join(', ')}`, json);
    return json as T;
  };
}

type Fields = Record<string, Decoder<unknown>>;
type Shape<F extends Fields> = { [K in keyof F]: Infer<F[K]> };

export function object<F extends Fields>(fields: F): Decoder<Shape<F>> {
  const entries = Object.entries(fields);
  return (json, path) => {
    const source = plainObject(json, path);
    const out: Record<string, unknown> = {};
    for (const [key, decode] of entries) out[key] = decode(source[key], path ? `${path}.${key}` : key);
    return out as Shape<F>;
  };
}

function plainObject(json: unknown, path: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ShapeError(path, 'an object', json);
  return json as Record<string, unknown>;
}
