import { randomBytes } from 'node:crypto';
import type { S3Access } from '@storage/conformance-tests/servers';
import { isStorageError, type StorageError } from '@storage/core';
import { expect } from 'vitest';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';

/** A backend over a bucket of its own. */
export function newBackend(server: S3Access, more: Partial<AwsS3Options> = {}): AwsS3Backend {
  const bucketName = `aws-${randomBytes(6).toString('hex')}`;
  return new AwsS3Backend({ ...server, bucketName, createBucket: true, region: 'us-east-1', pathStyle: true, ...more });
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
