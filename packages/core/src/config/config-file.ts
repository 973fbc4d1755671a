import { basename, resolve } from 'node:path';
import { isRecord } from '../record.ts';
import { setupError } from './config-error.ts';
import { defaultIn } from './environment.ts';
import { findConfigFiles } from './find-config-file.ts';
import { type ManagerOptions, StorageManager } from './manager.ts';
import { notAnObject } from './manager-faults.ts';
import { type Environment, type Origin, objectOrigin, originError, withOrigin } from './origin.ts';
import { readConfigFile } from './read-config-file.ts';
import { BackendRegistry } from './registry.ts';

/** Options of `storageFromFile`. */
export interface FromFileOptions {
  /** Path of the file. @default the nearest `storage.config.ts`, `.js`, `.json`, `.yaml` or `.yml` from `cwd` upwards */
  readonly file?: string | undefined;
  /** @default the working directory */
  readonly cwd?: string | undefined;
  /** Where `env:NAME` and `STORAGE_DEFAULT` are looked up. @default process.env */
  readonly env?: Environment | undefined;
  /** Knows the types. @default the `registry` of the file, else a new `BackendRegistry` that looks from the file */
  readonly registry?: BackendRegistry | undefined;
}

/**
 * Backends that a config file describes: `{ backends: { name: … }, default }`, as for `StorageManager`. A file without a
 * default takes that of `STORAGE_DEFAULT`.
 * Rejects `InvalidConfig` that names every fault, with the path of each setting.
 *
 * @example
 * await using storage = await (await storageFromFile()).initialize();
 * const uploads = await storage.backend('uploads');
 */
export async function storageFromFile(options: FromFileOptions = {}): Promise<StorageManager> {
  const { cwd = process.cwd(), env = process.env } = options;
  const file = options.file === undefined ? await onlyConfigFile(resolve(cwd)) : resolve(cwd, options.file);
  const config = await readConfigFile(file);
  const faults: string[] = [];
  const origin: Origin = { ...objectOrigin, title: basename(file), env, faults };
  if (!isRecord(config)) throw originError(origin, 'loadStorage', [notAnObject(config)]);
  const chosen = defaultIn(env);
  const own = config['default'];
  if (chosen !== undefined && own !== undefined && chosen !== own) {
    faults.push(`default and the variable STORAGE_DEFAULT name two backends: remove one`);
  }
  const registry = options.registry ?? (config['registry'] as BackendRegistry | undefined);
  const complete = { ...config, default: own ?? chosen, registry: registry ?? new BackendRegistry({ from: file }) };
  return new StorageManager(withOrigin(complete as unknown as ManagerOptions, origin));
}

async function onlyConfigFile(folder: string): Promise<string> {
  const [file, ...more] = await findConfigFiles(folder);
  if (file === undefined) {
    const message =
      `there is no configuration: set STORAGE_BACKENDS, or write a storage.config.ts (.js, .json, .yaml) in ${folder} ` +
      'or above';
    throw setupError('InvalidConfig', 'loadStorage', message);
  }
  if (more.length === 0) return file;
  const names = [file, ...more].map((path) => basename(path)).join(' and ');
  throw setupError('InvalidConfig', 'loadStorage', `there are ${names} side by side: keep one of them (${file})`);
}
