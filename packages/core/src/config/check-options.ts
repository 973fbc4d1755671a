import { describe } from '../check.ts';
import { StorageError } from '../errors/storage-error.ts';
import { isRecord } from '../record.ts';
import type { Field } from './field.ts';
import { type Fault, withFaults } from './option-faults.ts';
import { type Fields, group } from './structures.ts';
import { fromText, isFromText } from './text-options.ts';

/** A rule between options. */
export interface OptionsRule<T> {
  /** The options that it is about; it runs when none of them is at fault, and may read only these. */
  readonly of: readonly (keyof T & string)[];
  /** What is wrong, as a sentence; undefined when nothing is. */
  readonly check: (settings: T) => string | undefined;
}

/** The options of a backend: how they are checked, completed and printed. Made by `defineOptions`. */
export interface OptionsSchema<T> {
  /** Name of the class, for messages. */
  readonly backend: string;
  readonly fields: Fields<T>;
  readonly rules: readonly OptionsRule<T>[];
}

/**
 * Describes the options of a backend, once for its constructor and for `createConfig`.
 *
 * @example
 * const schema: OptionsSchema<MySettings> = defineOptions({
 *   backend: 'MyBackend',
 *   fields: { ...backendFields, folder: text(), depth: withDefault(count(), 3) },
 * });
 */
export function defineOptions<T>(schema: {
  readonly backend: string;
  readonly fields: Fields<T>;
  readonly rules?: readonly OptionsRule<T>[];
}): OptionsSchema<T> {
  return { rules: [], ...schema };
}

/**
 * The options, checked and complete: every name of the schema is present.
 *
 * @throws StorageError `InvalidConfig` that names every fault at once, and no secret
 *
 * @example
 * const settings = checkOptions(schema, { folder: './files' });
 */
export function checkOptions<T>(schema: OptionsSchema<T>, options: unknown): T {
  const result = inspectOptions(schema, options);
  if ('settings' in result) return result.settings;
  throw configError(schema, options, result.faults);
}

/** The settings, or every fault. */
export function inspectOptions<T>(
  schema: OptionsSchema<T>,
  options: unknown,
): { readonly settings: T } | { readonly faults: readonly Fault[] } {
  const given = isFromText(options) ? group(schema.fields).fromText(options) : options;
  if (!isRecord(given))
    return { faults: [{ path: '', message: `it needs an object of options, not ${describe(given)}` }] };
  const checked = group(schema.fields).check(given);
  const faults = 'faults' in checked ? checked.faults : [];
  const broken = brokenRules(schema, given, faults);
  if ('value' in checked && broken.length === 0) return { settings: checked.value };
  return { faults: [...faults, ...broken.map((message) => ({ path: '', message }))] };
}

/** The error of a configuration, with all its faults. */
export function configError<T>(schema: OptionsSchema<T>, options: unknown, faults: readonly Fault[]): StorageError {
  const sentences = faults.map(sentence);
  const [only, ...more] = sentences;
  const message =
    more.length === 0
      ? `the options of ${schema.backend}: ${only ?? 'are not valid'}`
      : `the options of ${schema.backend} have ${faults.length} faults: ${sentences.join('; ')}`;
  const name = isRecord(options) && typeof options['name'] === 'string' ? options['name'] : undefined;
  const secrets = secretsIn(schema, options);
  const fields = { code: 'InvalidConfig', operation: 'createConfig', backend: name, secrets } as const;
  return withFaults(new StorageError(message, fields), faults);
}

/** The secret values among options: what a driver lists as its `secrets`. */
export function secretsIn<T>(schema: OptionsSchema<T>, options: unknown): readonly string[] {
  return [...new Set(group(schema.fields).secretsIn(options))];
}

/** Options out of reach of whoever gave them. */
export function copyOptions<T, O extends object>(schema: OptionsSchema<T>, options: O): O {
  const copied = group(schema.fields).copy(options) as O;
  return isFromText(options) ? Object.freeze(fromText(copied as Readonly<Record<string, unknown>>) as O) : copied;
}

/** Options as they may be printed. */
export function printOptions<T>(schema: OptionsSchema<T>, options: unknown): unknown {
  return group(schema.fields).print(options);
}

function sentence({ path, message }: Fault): string {
  return path === '' ? message : `${path.slice(1)} ${message}`;
}

/** Rules run on what passed on its own, so that one report holds every fault. */
function brokenRules<T>(schema: OptionsSchema<T>, options: object, faults: readonly Fault[]): string[] {
  const atFault = new Set(faults.map(({ path }) => /^\.([^.[]*)/.exec(path)?.[1]));
  const runnable = schema.rules.filter((rule) => !rule.of.some((name) => atFault.has(name)));
  if (runnable.length === 0) return [];
  const passed = checkedValues(schema.fields, options);
  return runnable.flatMap((rule) => rule.check(passed) ?? []);
}

function checkedValues<T>(fields: Fields<T>, options: object): T {
  const given = options as Readonly<Record<string, unknown>>;
  const entries = Object.entries<Field<unknown>>(fields).flatMap(([name, field]) => {
    const checked = field.check(given[name]);
    return 'value' in checked ? [[name, checked.value]] : [];
  });
  return Object.fromEntries(entries) as T;
}
