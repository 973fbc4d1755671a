import { randomBytes } from 'node:crypto';
import { startMinio } from '@storage/conformance-tests/servers';
import { expect, test, vi } from 'vitest';
import { MinioBackend, type MinioOptions } from '../src/index.ts';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

/** What a save rejects with, and how many attempts it took. */
async function refusal(more: Partial<MinioOptions>): Promise<{ code: string; message: string; attempts: number }> {
  await using backend = newBackend(more);
  return await errorOf(backend.save('a', 'text'));
}

test.skipIf(isSkipped()).each([
  [
    'a server that is not there',
    { endpointUrl: 'http://127.0.0.1:1', retry: false },
    'Unavailable',
    'check endpointUrl',
  ],
  [
    'a host that nobody knows',
    { endpointUrl: 'http://minio.invalid', retry: false },
    'Unavailable',
    'check endpointUrl',
  ],
  ['a wrong secret', { secretKey: 'wrong' }, 'Unauthenticated', 'the secretKey is not that of the accessKey'],
  ['an unknown user', { accessKey: 'nobody' }, 'Unauthenticated', 'does not know this accessKey'],
  ['a missing bucket', { createBucket: false }, 'BucketNotFound', 'set createBucket: true'],
] as const)('%s is named, with the setting to change, at the first attempt', async (_title, more, code, hint) => {
  const error = await refusal(more);
  expect(error).toMatchObject({ code, attempts: 1 });
  expect(error.message).toContain(hint);
});

test.skipIf(isSkipped())('every method names a missing bucket and wrong keys', async () => {
  await using missing = newBackend({ createBucket: false });
  await using denied = newBackend({ secretKey: 'wrong' });
  for (const [backend, code] of [
    [missing, 'BucketNotFound'],
    [denied, 'Unauthenticated'],
  ] as const) {
    const calls = {
      initialize: () => backend.initialize(),
      exists: () => backend.exists('a'),
      getMetadata: () => backend.getMetadata('a'),
      retrieve: () => backend.retrieve('a'),
      listFiles: () => backend.listFiles(),
      copy: () => backend.copy('a', 'b'),
      createUpload: () => backend.createUpload('a'),
      getTags: () => backend.getTags('a'),
      state: () => backend.state(),
      getLifecycleRules: () => backend.getLifecycleRules(),
    };
    for (const [name, call] of Object.entries(calls)) expect((await errorOf(call())).code, name).toBe(code);
  }
});

test.skipIf(isSkipped())(
  'settings of a missing bucket are refused, though MinIO itself would take and forget them',
  async () => {
    await using missing = newBackend({ createBucket: false });
    expect((await errorOf(missing.enableVersioning())).code).toBe('BucketNotFound');
    const rule = { ID: 'r', Status: 'Enabled', Expiration: { Days: 1 } } as const;
    expect((await errorOf(missing.setLifecycleRules([rule]))).code).toBe('BucketNotFound');
  },
);

test.skipIf(isSkipped())('TLS where the server speaks none is named', async () => {
  await using plain = newBackend();
  const withoutScheme = new URL(await plain.getUrl('a')).host;
  const error = await refusal({ endpointUrl: withoutScheme, secure: true });
  expect(error).toMatchObject({ code: 'Unavailable', attempts: 1 });
  expect(error.message).toContain('secure: false');
});

test.skipIf(isSkipped())('a storage class that MinIO does not have is refused by it, and by the types', async () => {
  await using backend = newBackend();
  const error = await errorOf(backend.save('a', 'text', { native: { StorageClass: 'STANDARD_IA' } }));
  expect(error).toMatchObject({ code: 'InvalidArgument', providerCode: 'InvalidStorageClass', retryable: 'no' });
});

test.skipIf(isSkipped())('native options that this library decides are refused before anything is sent', async () => {
  await using backend = newBackend();
  for (const native of [{ Metadata: {} }, { Key: 'b' }, { IfNoneMatch: '*' }, 'x', null]) {
    const error = await errorOf(backend.save('a', 'text', { native: native as never }));
    expect(error).toMatchObject({ code: 'InvalidArgument', httpStatus: undefined });
  }
  await backend.save('a', 'text', { native: { WebsiteRedirectLocation: '/b' } });
});

test.skipIf(isSkipped())('a clock that is wrong is corrected once from the answer of the service', async () => {
  await using backend = newBackend();
  await backend.save('before', 'text');
  vi.useFakeTimers({ now: Date.now() + 30 * 60_000, toFake: ['Date'] });
  try {
    await using skewed = newBackend({ bucketName: `skewed-${randomBytes(6).toString('hex')}` });
    expect(await skewed.save('a', 'text')).toMatchObject({ size: 4 });
    await using once = newBackend({ retry: false });
    const error = await errorOf(once.save('a', 'text'));
    expect(error.code).toBe('Unauthenticated');
    expect(error.message).toContain('the clock of this machine is wrong');
  } finally {
    vi.useRealTimers();
  }
});

test.skipIf(isSkipped())('encryption without a KMS is named', async () => {
  const server = await startMinio({ kms: false });
  if ('skipped' in server) return;
  try {
    for (const sse of ['AES256', 'aws:kms'] as const) {
      await using backend = new MinioBackend({ ...server.access, bucketName: 'no-kms', sse });
      const error = await errorOf(backend.save('a', 'text'));
      expect(error).toMatchObject({ code: 'Unsupported', attempts: 1 });
      expect(error.message).toContain('MINIO_KMS_SECRET_KEY');
      expect((await errorOf(backend.createUpload('a'))).message).toContain('leave out the option sse');
    }
  } finally {
    await server.stop();
  }
});
