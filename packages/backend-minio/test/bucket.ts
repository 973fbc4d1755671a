import { randomBytes } from 'node:crypto';
import { isStorageError, type StorageError } from '@storage/core';
import { expect, inject } from 'vitest';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

/** Whether there is a server to test against. */
export function isSkipped(): boolean {
  return 'skipped' in inject('minio');
}

/** A backend over a bucket of its own. */
export function newBackend(more: Partial<MinioOptions> = {}): MinioBackend {
  const minio = inject('minio');
  if ('skipped' in minio) throw new Error(minio.skipped);
  return new MinioBackend({ ...minio, bucketName: `minio-${randomBytes(6).toString('hex')}`, ...more });
}

/** What a call rejects with. */
export async function errorOf(call: Promise<unknown>): Promise<StorageError> {
  const error = await call.then(
    (value) => expect.fail(`it resolved with ${String(value)}`),
    (reason: unknown) => reason,
  );
  if (!isStorageError(error)) throw error;
  return error;
}
