import { inspect } from 'node:util';
import type { StorageBackend } from '../backend.ts';
import { isRecord } from '../record.ts';
import {
  checkOptions,
  configError,
  copyOptions,
  inspectOptions,
  type OptionsSchema,
  printOptions,
} from './check-options.ts';

const brand: unique symbol = Symbol.for('@storage/backend-config') as never;

/** Options of a backend that is to have a name. */
export type ConfigInput<O> = O & { readonly name: string };

/**
 * A backend that has been configured and checked, but not created. Printed, logged or serialised it shows no secret.
 *
 * @example
 * const config = LocalBackend.createConfig({ name: 'uploads', basePath: './storage' });
 * const backend = config.create();
 */
export interface BackendConfig<B> {
  readonly name: string;
  /** As in the registry: `local`, `minio`, … */
  readonly type: string;
  /** As they were given, with their secrets; not enumerable, so that no printer finds them by chance. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A new instance each time; sends no request. */
  create(): B;
  /** The config with secrets blanked. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/**
 * Makes the `createConfig` of a backend class: checks the options now, creates the instance later.
 *
 * @throws StorageError `InvalidConfig` that names every fault at once
 *
 * @example
 * static createConfig(options: ConfigInput<MyOptions>): BackendConfig<MyBackend> {
 *   return defineConfig({ type: 'my', schema: mySchema, Backend: MyBackend }, options);
 * }
 */
export function defineConfig<O extends { readonly name: string }, T, B>(
  backend: {
    readonly type: string;
    readonly schema: OptionsSchema<T>;
    readonly Backend: new (options: O) => B;
  },
  options: O,
): BackendConfig<B> {
  const { type, schema, Backend } = backend;
  checkNamed(schema, options);
  const frozen = copyOptions(schema, options);
  const print = (): Readonly<Record<string, unknown>> => ({ type, ...(printOptions(schema, frozen) as object) });
  const hidden = {
    options: { value: frozen },
    create: { value: () => new Backend(frozen) },
    toJSON: { value: print },
    [inspect.custom]: { value: () => `BackendConfig ${inspect(print())}` },
    [brand]: { value: true },
  };
  return Object.freeze(Object.defineProperties({ name: options.name, type }, hidden)) as BackendConfig<B>;
}

/** Whether a value is a `BackendConfig`, of this copy of the package or another. */
export function isBackendConfig(value: unknown): value is BackendConfig<StorageBackend> {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The name is optional for a constructor, but a config is found by it. */
function checkNamed<T>(schema: OptionsSchema<T>, options: unknown): void {
  if (!isRecord(options) || options['name'] !== undefined) {
    checkOptions(schema, options);
    return;
  }
  const result = inspectOptions(schema, options);
  throw configError(schema, options, [
    { path: '.name', message: 'is missing: a non-empty string' },
    ...('faults' in result ? result.faults : []),
  ]);
}
