import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { tell } from './launch.ts';

/** A program of this machine, by its name. */
export async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, program);
    if (folder !== '' && (await isExecutable(file))) return file;
  }
  return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Where servers that were built are kept for the next run. */
export function cacheFolder(): string {
  const configured = process.env['STORAGE_TEST_CACHE'];
  if (configured !== undefined) return configured;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storage-tests');
}

/**
 * Builds something once, as `name` in the cache. `make` builds in a folder beside it and says what of that is to be
 * kept: a build that is cut leaves nothing broken behind.
 */
export async function buildOnce(name: string, how: string, make: (folder: string) => Promise<string>): Promise<string> {
  tell(`Building ${name} with ${how}, once; this takes some minutes.`);
  const target = join(cacheFolder(), name);
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'build-'));
  try {
    await rename(await make(folder), target);
  } catch (error) {
    // Another process was faster: a folder that is there is not replaced.
    if (!isTaken(error)) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
