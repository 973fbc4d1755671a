import type { StorageBackend } from '../backend.ts';
import { describe } from '../check.ts';
import { isRecord } from '../record.ts';
import type { BackendConfig } from './backend-config.ts';
import { setupError } from './config-error.ts';
import { parseStorageUrl, type TypedOptions } from './storage-url.ts';

/** A backend by its type, beside the options of that type; these are checked when it is created. */
export interface TypedConfig {
  readonly type: string;
  readonly name?: string | undefined;
}

/** What a backend can be created from: a config of `createConfig`, a type with options, or a URL. */
export type BackendSource = BackendConfig<StorageBackend> | TypedConfig | string;

/** The class of the backend that a source creates, as far as its type tells. */
export type BackendOf<S> = S extends BackendConfig<infer B> ? B : StorageBackend;

/** A source that is no `BackendConfig`, as a type and its options. */
export function typedOptions(source: unknown): TypedOptions {
  if (typeof source === 'string') return parseStorageUrl(source);
  if (!isRecord(source)) {
    throw setupError(
      'InvalidConfig',
      'createConfig',
      `a backend is configured by an object or a URL, not ${describe(source)}`,
    );
  }
  const { type, ...options } = source;
  if (typeof type === 'string' && type !== '') return { type, options };
  throw setupError('InvalidConfig', 'createConfig', `type is missing: the type of the backend, such as 'local'`);
}
