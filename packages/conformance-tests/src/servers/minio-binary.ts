import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { NotHere, tell } from './launch.ts';

// The release of the container image, which is the last official one: the upstream repository is archived.
const module = 'github.com/minio/minio';
const revision = 'v0.0.0-20250907161309-07c3a429bfed';

/** The `minio` program: from PATH, from the cache, or built once into the cache with `go install`. */
export async function minioBinary(): Promise<string> {
  const found = await onPath('minio');
  if (found !== undefined) return found;
  const cached = join(cacheFolder(), `minio-${revision}`);
  if (await isExecutable(cached)) return cached;
  if ((await onPath('go')) === undefined) throw new NotHere('no minio on PATH, and no go to build it with');
  return build(cached);
}

/** Builds beside the cache and renames, so that a build that is cut leaves no broken program behind. */
async function build(target: string): Promise<string> {
  tell(`Building ${module}@${revision} with go install, once; this takes some minutes.`);
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'build-'));
  try {
    await promisify(execFile)('go', ['install', `${module}@${revision}`], {
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: folder },
      maxBuffer: 64 * 1024 * 1024,
    });
    await rename(join(folder, 'minio'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

function cacheFolder(): string {
  const configured = process.env['STORAGE_TEST_CACHE'];
  if (configured !== undefined) return configured;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storage-tests');
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, program);
    if (folder !== '' && (await isExecutable(file))) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
