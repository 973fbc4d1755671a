import type { GenericSchema } from 'valibot';
import { safeParse } from 'valibot';
import type { Fault } from './option-faults.ts';

/** Stands where a secret would be printed. */
const redacted = '[redacted]';

/** A checked value, or everything that is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** How one option is checked and printed. Made by `text`, `flag`, `count`, … */
export interface Field<T> {
  /** What a value must be, for messages: `a non-empty string`. */
  readonly expected: string;
  /** Checks a value as a program gives it; `undefined` when it is not given. */
  check(value: unknown): Checked<T>;
  /** What a text stands for that comes from a URL; the value itself where it stands for nothing else. */
  fromText(value: unknown): unknown;
  /** The value, out of reach of whoever gave it: structures are copied and frozen, instances are used as they are. */
  copy(value: unknown): unknown;
  /** The value as it may be printed. */
  print(value: unknown): unknown;
  /** The secrets in a value, whatever it is. */
  secretsIn(value: unknown): readonly string[];
}

/** A field by its schema. */
export function leaf<T>(
  expected: string,
  schema: GenericSchema<unknown, T>,
  behaviour: Partial<Pick<Field<T>, 'print' | 'secretsIn'>> & { readonly read?: (text: string) => unknown } = {},
): Field<T> {
  const { read, ...rest } = behaviour;
  return {
    expected,
    check(value) {
      const result = safeParse(schema, value);
      if (result.success) return { value: result.output };
      return {
        faults: [{ path: '', message: value === undefined ? `is missing: ${expected}` : `must be ${expected}` }],
      };
    },
    fromText: (value) => (typeof value === 'string' && read !== undefined ? read(value) : value),
    copy: (value) => value,
    print: (value) => value,
    secretsIn: () => [],
    ...rest,
  };
}

/** A field whose value must never be printed. */
export function secretLeaf<T>(expected: string, schema: GenericSchema<unknown, T>): Field<T> {
  return leaf(expected, schema, {
    print: () => redacted,
    secretsIn: (value) => (typeof value === 'string' ? [value] : []),
  });
}
