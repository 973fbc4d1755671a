import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  defineOptions,
  flag,
  type OptionsSchema,
  text,
  withDefault,
} from '@storage/core/driver';

/** Options of `SqliteBackend`. */
export interface SqliteOptions extends BackendOptions {
  /** Path of the database file. Beside it SQLite keeps its log, so its folder must be writable. */
  readonly path: string;
  /** Create the file when a write meets none. @default true */
  readonly create?: boolean | undefined;
}

export interface SqliteSettings extends BackendSettings {
  readonly path: string;
  readonly create: boolean;
}

export const sqliteSchema: OptionsSchema<SqliteSettings> = defineOptions({
  backend: 'SqliteBackend',
  fields: {
    ...backendFields,
    path: text({ pattern: /^(?!:memory:|file:)/, expected: 'the path of a file' }),
    create: withDefault(flag(), true),
  },
});
