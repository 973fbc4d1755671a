import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const fileNames: readonly string[] = ['ts', 'js', 'json', 'yaml', 'yml'].map((ending) => `storage.config.${ending}`);

/** The config files of the nearest folder that has any, from `folder` upwards. More than one is a fault of the caller. */
export async function findConfigFiles(folder: string): Promise<readonly string[]> {
  // A folder that may not be read holds nothing for us; its parents may.
  const present = new Set(await readdir(folder).catch((): string[] => []));
  const found = fileNames.filter((name) => present.has(name)).map((name) => join(folder, name));
  const parent = dirname(folder);
  return found.length > 0 || parent === folder ? found : findConfigFiles(parent);
}
