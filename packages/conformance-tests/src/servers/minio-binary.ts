import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotHere } from './launch.ts';
import { buildOnce, cacheFolder, isExecutable, onPath } from './programs.ts';

// The release of the container image, which is the last official one: the upstream repository is archived.
const module = 'github.com/minio/minio';
const revision = 'v0.0.0-20250907161309-07c3a429bfed';
const name = `minio-${revision}`;

/** The `minio` program: from PATH, from the cache, or built once into the cache with `go install`. */
export async function minioBinary(): Promise<string> {
  const found = await onPath('minio');
  if (found !== undefined) return found;
  const cached = join(cacheFolder(), name);
  if (await isExecutable(cached)) return cached;
  if ((await onPath('go')) === undefined) throw new NotHere('no minio on PATH, and no go to build it with');
  return buildOnce(name, 'go install', async (folder) => {
    await promisify(execFile)('go', ['install', `${module}@${revision}`], {
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: folder },
      maxBuffer: 64 * 1024 * 1024,
    });
    return join(folder, 'minio');
  });
}
