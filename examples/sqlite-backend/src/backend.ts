import type { DatabaseSync } from 'node:sqlite';
import { type BackendConfig, type ConfigInput, checkOptions, defineConfig, StorageBackend } from '@storage/core/driver';
import type { SqliteCapabilities } from './capabilities.ts';
import { type SqliteOptions, sqliteSchema } from './config.ts';
import { createSqliteDriver } from './driver.ts';

/**
 * Files in an SQLite database, which any number of processes of one host may share.
 *
 * @example
 * const backend = new SqliteBackend({ path: './files.db' });
 * await backend.save('notes/today.txt', 'hello');
 */
export class SqliteBackend extends StorageBackend<SqliteCapabilities, DatabaseSync> {
  /** Throws `InvalidConfig` with every fault of the options. */
  constructor(options: SqliteOptions) {
    const settings = checkOptions(sqliteSchema, options);
    super(createSqliteDriver({ path: settings.path, create: settings.create }), settings);
  }

  /** Checks options now, for an instance later. */
  static createConfig(options: ConfigInput<SqliteOptions>): BackendConfig<SqliteBackend> {
    return defineConfig({ type: 'sqlite', schema: sqliteSchema, Backend: SqliteBackend }, options);
  }
}
