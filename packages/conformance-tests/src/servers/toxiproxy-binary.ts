import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NotHere } from './launch.ts';
import { buildOnce, cacheFolder, isExecutable, onPath } from './programs.ts';

const revision = 'v2.12.0';
const name = `toxiproxy-${revision}`;

/** The `toxiproxy-server` program: from PATH, from the cache, or built once into the cache with `go install`. */
export async function toxiproxyBinary(): Promise<string> {
  const found = await onPath('toxiproxy-server');
  if (found !== undefined) return found;
  const cached = join(cacheFolder(), name);
  if (await isExecutable(cached)) return cached;
  if ((await onPath('go')) === undefined) throw new NotHere('no toxiproxy-server on PATH, and no go to build it with');
  return buildOnce(name, 'go install', async (folder) => {
    await promisify(execFile)('go', ['install', `github.com/Shopify/toxiproxy/v2/cmd/server@${revision}`], {
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: folder },
    });
    return join(folder, 'server');
  });
}
