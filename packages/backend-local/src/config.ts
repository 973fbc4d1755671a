import { resolve } from 'node:path';
import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  checkOptions,
  count,
  defineOptions,
  duration,
  either,
  flag,
  group,
  type OptionsSchema,
  oneOf,
  optional,
  text,
  url,
  withDefault,
} from '@storage/core/driver';
import type { LocalSettings } from './store.ts';

/** Options of `LocalBackend`. */
export interface LocalOptions extends BackendOptions {
  /** The folder that holds everything; relative to the working directory of the process. */
  readonly basePath: string;
  /** Create `basePath` when a write, or `initialize`, meets none. @default true */
  readonly create?: boolean | undefined;
  /** Earlier versions of each key, deleted ones too; `false`: none are kept. @default { keep: 20, maxAge: '30d' } */
  readonly versions?: VersionsOptions | false | undefined;
  /**
   * What a write survives once it has resolved: the end of the process, or also a power failure, which costs some
   * waits for the disk. @default 'process'
   */
  readonly durability?: 'process' | 'power' | undefined;
  /** The address at which `requestHandler()` is reached; signed URLs begin with it. */
  readonly publicUrl?: string | undefined;
  /** What URLs are signed with, at least 16 characters. @default a random one, kept in `basePath` */
  readonly urlKey?: string | undefined;
}

/** How many earlier versions of a key are kept, and for how long. */
export interface VersionsOptions {
  /** @default 20 */
  readonly keep?: number | undefined;
  /** Milliseconds, or `'12h'`, `'30d'`, since a version was replaced or deleted. @default '30d' */
  readonly maxAge?: number | string | undefined;
}

interface Settings extends BackendSettings {
  readonly basePath: string;
  readonly create: boolean;
  readonly versions: { readonly keep: number; readonly maxAge: number } | false;
  readonly durability: 'process' | 'power';
  readonly publicUrl: string | undefined;
  readonly urlKey: string | undefined;
}

const thirtyDaysMs = 30 * 24 * 60 * 60 * 1000;

/** How the options are checked, for the constructor and for `createConfig`. */
export const localOptions: OptionsSchema<Settings> = defineOptions({
  backend: 'LocalBackend',
  fields: {
    ...backendFields,
    basePath: text({ expected: 'the path of a folder' }),
    create: withDefault(flag(), true),
    versions: withDefault(
      either(
        oneOf(false),
        group({
          keep: withDefault(count({ min: 1 }), 20),
          maxAge: withDefault(duration(), thirtyDaysMs),
        }),
      ),
      { keep: 20, maxAge: thirtyDaysMs },
    ),
    durability: withDefault(oneOf('process', 'power'), 'process'),
    publicUrl: optional(url()),
    urlKey: optional(text({ secret: true, pattern: /^.{16,}$/u, expected: 'a text of at least 16 characters' })),
  },
});

/** The options, checked: what every backend takes, and what the driver needs. Throws `InvalidConfig`. */
export function parseOptions(options: LocalOptions): { settings: BackendSettings; driver: LocalSettings } {
  const settings = checkOptions(localOptions, options);
  const { basePath, create, versions, durability, publicUrl, urlKey } = settings;
  const driver: LocalSettings = {
    basePath: resolve(basePath),
    create,
    versions: versions === false ? undefined : { keep: versions.keep, maxAgeMs: versions.maxAge },
    powerSafe: durability === 'power',
    publicUrl,
    urlKey,
  };
  return { settings, driver };
}
