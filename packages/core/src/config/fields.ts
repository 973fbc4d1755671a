import * as v from 'valibot';
import { durationForms, parseDuration } from '../duration.ts';
import { redact } from '../errors/redact.ts';
import { type Field, leaf, secretLeaf } from './field.ts';

/**
 * A non-empty string without control characters.
 *
 * @param rules.secret never printed, blanked in every error. @default false
 * @param rules.multiline may have line breaks: a certificate. @default false
 * @param rules.pattern what it must match
 * @param rules.expected how a message says so: `a bucket name (3 to 63 of a-z 0-9 . -)`
 *
 * @example
 * { bucketName: text({ pattern: /^[a-z0-9.-]{3,63}$/, expected: 'a bucket name' }), secretKey: text({ secret: true }) }
 */
export function text(
  rules: {
    readonly secret?: boolean | undefined;
    readonly multiline?: boolean | undefined;
    readonly pattern?: RegExp | undefined;
    readonly expected?: string | undefined;
  } = {},
): Field<string> {
  const { secret = false, multiline = false, pattern, expected = 'a non-empty string' } = rules;
  const forbidden = multiline ? /(?![\r\n])\p{Cc}/u : /\p{Cc}/u;
  const schema = v.pipe(
    v.string(),
    v.minLength(1),
    v.check((value) => !forbidden.test(value) && (pattern === undefined || pattern.test(value))),
  );
  return secret ? secretLeaf(expected, schema) : leaf(expected, schema, { print: printText });
}

/** `true` or `false`. */
export function flag(): Field<boolean> {
  return leaf('true or false', v.boolean(), {
    read: (value) => (value === 'true' ? true : value === 'false' ? false : value),
  });
}

/**
 * A whole number.
 *
 * @param rules.min @default 0
 * @param rules.max @default the largest safe integer
 */
export function count(
  rules: { readonly min?: number | undefined; readonly max?: number | undefined } = {},
): Field<number> {
  const { min = 0, max } = rules;
  const expected = max === undefined ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  const schema = v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max ?? Number.MAX_SAFE_INTEGER));
  return leaf(expected, schema, { read: (value) => (/^\d{1,16}$/.test(value) ? Number(value) : value) });
}

/** Milliseconds that a timer can wait, from 1 to about 24.8 days. */
export function timer(): Field<number> {
  return count({ min: 1, max: 2 ** 31 - 1 });
}

/** A duration, given as milliseconds or as `'90s'`, `'15m'`, `'1h'`, `'30d'`; checked, it is milliseconds. */
export function duration(): Field<number> {
  const schema = v.pipe(
    v.unknown(),
    v.transform(parseDuration),
    v.check((ms) => ms !== undefined),
  );
  return leaf(durationForms, schema as v.GenericSchema<unknown, number>, {
    read: (value) => (/^\d{1,16}$/.test(value) ? Number(value) : value),
  });
}

/**
 * An absolute URL, kept as it is given.
 *
 * @param rules.protocols @default ['http', 'https']
 */
export function url(rules: { readonly protocols?: readonly string[] | undefined } = {}): Field<string> {
  const { protocols = ['http', 'https'] } = rules;
  const fits = (value: string): boolean =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1));
  const expected = `a URL that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  return leaf(expected, v.pipe(v.string(), v.check(fits)), {
    print: printText,
    // A password in a URL is a secret although the URL is none.
    secretsIn: (value) => (typeof value === 'string' && URL.canParse(value) ? passwordOf(new URL(value)) : []),
  });
}

/**
 * One of a few values.
 *
 * @example
 * { durability: withDefault(oneOf('process', 'power'), 'process') }
 */
export function oneOf<const V extends readonly (string | number | boolean)[]>(...values: V): Field<V[number]> {
  const expected = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' or ');
  const isValue = (value: unknown): boolean => values.some((each) => each === value);
  return leaf(expected, v.custom<V[number]>(isValue), {
    read: (text) => values.find((value) => String(value) === text) ?? text,
  });
}

/**
 * An object that is used as it is, such as a client or a credential provider; it is never printed.
 *
 * @param expected how messages call it: `a TokenCredential`
 *
 * @example
 * { credential: optional(instance<TokenCredential>('a TokenCredential', (value) => 'getToken' in value)) }
 */
export function instance<T extends object>(expected: string, fits: (value: object) => boolean): Field<T> {
  const isInstance = (value: unknown): boolean =>
    (typeof value === 'object' || typeof value === 'function') && value !== null && fits(value);
  return leaf(expected, v.custom<T>(isInstance), { print: () => `[${expected}]` });
}

function printText(value: unknown): unknown {
  return typeof value === 'string' ? redact(value) : value;
}

function passwordOf({ password }: URL): readonly string[] {
  return password === '' ? [] : [password, decoded(password)];
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A stray percent sign: it is what it says.
    return encoded;
  }
}
