import { nearestName } from '../nearest-name.ts';
import { isRecord } from '../record.ts';
import type { Checked, Field } from './field.ts';
import type { Fault } from './option-faults.ts';

/** Fields by option name. */
export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

/** An option that may be left out; then it is `undefined`. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, check: (value) => (value === undefined ? { value } : field.check(value)) };
}

/** An option that may be left out; then it is `value`, which is not checked. */
export function withDefault<T>(field: Field<T>, value: NoInfer<T>): Field<T> {
  return { ...field, check: (given) => (given === undefined ? { value } : field.check(given)) };
}

/**
 * A value that either field takes; the first that does decides.
 *
 * @example
 * { versions: either(oneOf(false), group({ keep: count({ min: 1 }) })) }
 */
export function either<A, B>(first: Field<A>, second: Field<B>): Field<A | B> {
  const expected = `${first.expected}, or ${second.expected}`;
  return {
    expected,
    check(value): Checked<A | B> {
      const one = first.check(value);
      if ('value' in one) return one;
      const other = second.check(value);
      if ('value' in other) return other;
      // Something inside was wrong: whoever wrote that object meant the field that takes objects.
      const inside = [...one.faults, ...other.faults].filter((fault) => fault.path !== '');
      if (inside.length > 0) return { faults: inside };
      return {
        faults: [{ path: '', message: value === undefined ? `is missing: ${expected}` : `must be ${expected}` }],
      };
    },
    fromText(value) {
      const read = first.fromText(value);
      return 'value' in first.check(read) ? read : second.fromText(value);
    },
    copy: (value) => ('value' in first.check(value) ? first.copy(value) : second.copy(value)),
    print: (value) => ('value' in first.check(value) ? first.print(value) : second.print(value)),
    secretsIn: (value) => [...first.secretsIn(value), ...second.secretsIn(value)],
  };
}

/** A list of values, each of which the field takes. */
export function list<T>(field: Field<T>): Field<readonly T[]> {
  const expected = `a list of which each is ${field.expected}`;
  return {
    expected,
    check(value) {
      if (!Array.isArray(value)) return wrong(value, expected);
      return collect(
        value.map((item, index) => [`[${index}]`, field.check(item)] as const),
        (items) => items,
      );
    },
    fromText: (value) => (typeof value === 'string' ? value.split(',').map((item) => field.fromText(item)) : value),
    copy: (value) => (Array.isArray(value) ? Object.freeze(value.map((item) => field.copy(item))) : value),
    print: (value) => (Array.isArray(value) ? value.map((item) => field.print(item)) : value),
    secretsIn: (value) => (Array.isArray(value) ? value.flatMap((item) => field.secretsIn(item)) : []),
  };
}

/** An object of strings with names of its own. */
export function dictionary<T>(field: Field<T>): Field<Readonly<Record<string, T>>> {
  const expected = `an object of which each value is ${field.expected}`;
  return {
    expected,
    check(value) {
      if (!isRecord(value)) return wrong(value, expected);
      const names = Object.keys(value);
      return collect(
        names.map((name) => [`.${name}`, field.check(value[name])] as const),
        (items) => Object.fromEntries(names.map((name, index) => [name, items[index] as T])),
      );
    },
    fromText: (value) => mapRecord(value, (item) => field.fromText(item)),
    copy: (value) => Object.freeze(mapRecord(value, (item) => field.copy(item))),
    print: (value) => mapRecord(value, (item) => field.print(item)),
    secretsIn: (value) => (isRecord(value) ? Object.values(value).flatMap((item) => field.secretsIn(item)) : []),
  };
}

/**
 * Options inside an option. Checked, every name is present.
 *
 * @example
 * { versions: group({ keep: withDefault(count({ min: 1 }), 20), maxAge: optional(duration()) }) }
 */
export function group<T>(fields: Fields<T>): Field<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const expected = `an object with ${names.join(', ')}`;
  return {
    expected,
    check(value) {
      if (!isRecord(value)) return wrong(value, expected);
      const unknown = unknownNames(value, names);
      const checked = names.map((name) => [`.${name}`, fields[name].check(value[name])] as const);
      const result = collect(checked, (items) => Object.fromEntries(names.map((name, i) => [name, items[i]])) as T);
      if (unknown.length === 0) return result;
      return { faults: [...unknown, ...('faults' in result ? result.faults : [])] };
    },
    fromText: (value) => mapRecord(value, (item, name) => (isName(name) ? fields[name].fromText(item) : item)),
    copy: (value) => Object.freeze(mapRecord(value, (item, name) => (isName(name) ? fields[name].copy(item) : item))),
    print: (value) => mapRecord(value, (item, name) => (isName(name) ? fields[name].print(item) : '[unknown]')),
    secretsIn: (value) => (isRecord(value) ? names.flatMap((name) => fields[name].secretsIn(value[name])) : []),
  };

  function isName(name: string): name is keyof T & string {
    return Object.hasOwn(fields, name);
  }
}

function unknownNames(value: object, names: readonly string[]): Fault[] {
  return Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = nearestName(name, names);
      if (near === undefined) return { path: `.${name}`, message: 'is not an option' };
      return { path: `.${name}`, message: `is not an option: did you mean ${near}?`, near };
    });
}

function wrong(value: unknown, expected: string): { readonly faults: readonly Fault[] } {
  return { faults: [{ path: '', message: value === undefined ? `is missing: ${expected}` : `must be ${expected}` }] };
}

/** One result of many: every value, or every fault under its own path. */
function collect<T, R>(
  results: readonly (readonly [path: string, Checked<T>])[],
  make: (values: T[]) => R,
): Checked<R> {
  const values: T[] = [];
  const faults: Fault[] = [];
  for (const [path, result] of results) {
    if ('value' in result) values.push(result.value);
    else faults.push(...result.faults.map((fault) => ({ ...fault, path: path + fault.path })));
  }
  return faults.length === 0 ? { value: make(values) } : { faults };
}

function mapRecord(value: unknown, map: (item: unknown, name: string) => unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(item, name)]));
}
