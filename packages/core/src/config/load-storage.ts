import { type FromFileOptions, storageFromFile } from './config-file.ts';
import { storageFromEnv } from './environment.ts';
import type { StorageManager } from './manager.ts';

/**
 * The backends of this application: those of the environment where `STORAGE_BACKENDS` is set and no file is named,
 * otherwise those of its config file. Loads no backend; `initialize()` of the result does, and names every fault of
 * their options.
 * Rejects `InvalidConfig` that names every fault, with the path of each setting.
 *
 * @example
 * await using storage = await (await loadStorage()).initialize();
 * const backend = await storage.backend();
 */
export async function loadStorage(options: FromFileOptions = {}): Promise<StorageManager> {
  const { env = process.env, file, registry } = options;
  if (file === undefined && env['STORAGE_BACKENDS'] !== undefined) return storageFromEnv({ env, registry });
  return storageFromFile(options);
}
