import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { StorageBackend } from '@storage/core';
import type { S3Client } from '@storage/s3-protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createMinioDriver } from '../src/driver.ts';
import { errorOf, isSkipped } from './bucket.ts';

const MiB = 1024 * 1024;
const attributes = { contentType: 'text/x-own', cacheControl: 'no-store', metadata: { jobId: '456' } };

/** As if 5 MiB were 5 GiB, the most that one request copies. */
describe.skipIf(isSkipped())('a copy above the size that one request copies', () => {
  const bucketName = `copies-${randomBytes(6).toString('hex')}`;
  let backend: StorageBackend<never, S3Client>;
  beforeAll(async () => {
    const minio = inject('minio');
    if ('skipped' in minio) throw new Error(minio.skipped);
    const driver = createMinioDriver({
      ...minio,
      bucketName,
      region: 'us-east-1',
      createBucket: true,
      copyInPartsAbove: 5 * MiB,
    });
    backend = new StorageBackend(driver, { name: 'copies' });
    await backend.save('source', bytes, { ...attributes, tags: { colour: 'blue' } } as never);
  });
  afterAll(() => backend.close());

  const bytes = randomBytes(10 * MiB + 1);

  test('is whole, with headers, metadata and tags', async () => {
    const result = await backend.copy('source', 'copy');
    expect(result.size).toBe(bytes.byteLength);
    // Three parts, not one request.
    expect(result.etag).toMatch(/-3"$/);
    const info = await backend.getMetadata('copy');
    expect(info).toMatchObject({ ...attributes, size: bytes.byteLength, etag: result.etag });
    expect(Buffer.compare(await (await backend.retrieve('copy')).bytes(), bytes)).toBe(0);
    expect(await backend.getTags('copy')).toEqual({ colour: 'blue' });
  });

  test('of metadata onto itself changes that alone', async () => {
    await backend.copy('source', 'itself');
    const info = await backend.updateMetadata('itself', { more: 'ü' });
    expect(info).toMatchObject({ ...attributes, metadata: { jobId: '456', more: 'ü' }, size: bytes.byteLength });
    expect(await backend.getMetadata('itself')).toEqual(info);
    expect(Buffer.compare(await (await backend.retrieve('itself')).bytes(), bytes)).toBe(0);
  });

  test('that is refused leaves no parts', async () => {
    await backend.save('taken', 'other');
    const error = await errorOf(backend.copy('source', 'taken', { ifAbsent: true } as never));
    expect(error.code).toBe('AlreadyExists');
    const wrong = { sourceIfMatch: '"0123456789abcdef0123456789abcdef"' };
    expect((await errorOf(backend.copy('source', 'taken', wrong as never))).code).toBe('PreconditionFailed');
    const client = await backend.native();
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucketName, Prefix: 'taken' }),
    );
    expect(Uploads).toEqual([]);
  });
});
