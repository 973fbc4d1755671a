import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';
import { isSkipped } from './bucket.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./without-sdk.child.ts', import.meta.url));

// Without a server there is no bucket to work on; strict runs have one, or fail.
test.skipIf(isSkipped())('what most programs do, uploads in parts too, does not load the SDK', async () => {
  const minio = inject('minio');
  if ('skipped' in minio) throw new Error(minio.skipped);
  const options = { ...minio, bucketName: `without-${randomBytes(6).toString('hex')}` };
  await using backend = new MinioBackend(options);
  await backend.initialize();
  const loadedBy = async (more: object): Promise<string> => {
    const given = JSON.stringify({ ...options, ...more });
    return (await run(process.execPath, [...process.execArgv, script, given])).stdout;
  };
  expect(await loadedBy({})).toBe('native');
  // So that it would be seen.
  expect(await loadedBy({ transport: 'sdk' })).toBe('save');
});
