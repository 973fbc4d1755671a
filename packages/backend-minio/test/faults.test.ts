import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { type FaultProxy, startFaultProxy, withClock } from '@storage/conformance-tests/faults';
import { isStorageError, type StorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

const minio = inject('minio');

/** An error as S3 says it. */
function xml(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>x</Message></Error>`;
}

async function failureOf(call: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!isStorageError(error)) throw new Error('It did not reject with a StorageError.', { cause: error });
  return error;
}

describe.skipIf('skipped' in minio)('a MinIO behind a proxy that harms', () => {
  const bucketName = `faults-${randomBytes(6).toString('hex')}`;
  const backends: MinioBackend[] = [];
  let proxy: FaultProxy;
  const make = (more: Partial<MinioOptions> = {}): MinioBackend => {
    if ('skipped' in minio) throw new Error(minio.skipped);
    const backend = new MinioBackend({ ...minio, endpointUrl: proxy.url, bucketName, createBucket: true, ...more });
    backends.push(backend);
    return backend;
  };
  beforeAll(async () => {
    if ('skipped' in minio) return;
    proxy = await startFaultProxy(minio.endpointUrl);
    await make().save('there', 'text');
  });
  afterAll(async () => {
    for (const backend of backends) await backend.close();
    if (!('skipped' in minio)) await proxy.close();
  });

  describe.each([20, -20])('a clock that is %i minutes off (#225)', (minutes) => {
    const calls: Record<string, (backend: MinioBackend) => Promise<unknown>> = {
      save: (backend) => backend.save('new', 'text', { ifAbsent: true }),
      retrieve: async (backend) => (await backend.retrieve('there')).text(),
      exists: (backend) => backend.exists('there'),
      listFiles: (backend) => backend.listFiles('th'),
      delete: (backend) => backend.delete('new'),
      stream: (backend) => backend.save('stream', new Blob([randomBytes(100_000)]).stream()),
    };
    test.each(Object.entries(calls))('%s: is corrected once, by what the server says', async (_name, call) => {
      await withClock(minutes * 60_000, async () => {
        const backend = make();
        await proxy.arm();
        await call(backend);
        const refused = proxy.requests.filter(({ status }) => status === 403);
        expect(refused).toHaveLength(1);
        await proxy.arm();
        await backend.exists('there');
        expect(proxy.requests.map(({ status }) => status)).toEqual([200]);
      });
    });
  });

  test.each(['direct', 'sdk'] as const)(
    'requests under way together when the clock is found wrong all succeed, %s (#225)',
    async (transport) => {
      await withClock(-20 * 60_000, async () => {
        const backend = make({ transport });
        const size = 21 * 1024 * 1024;
        await backend.save('parts', new Blob([randomBytes(size)]).stream(), {
          partSize: 5 * 1024 * 1024,
          concurrency: 4,
        });
        const one = make({ transport });
        const same = Array.from({ length: 8 }, (_, n) => one.save(`one-${n}`, 'text'));
        await Promise.all(same);
        expect((await backend.getMetadata('parts'))?.size).toBe(size);
        expect(await one.listFiles('one-')).toHaveLength(8);
      });
    },
  );

  test('a server that finds the clock wrong and says the same time as we is believed once (#225)', async () => {
    const fault = { kind: 'answer', status: 403, body: xml('RequestTimeTooSkewed') } as const;
    await proxy.arm({ times: 1000, fault });
    const error = await failureOf(make().retrieve('there'));
    expect(error).toMatchObject({ code: 'Unauthenticated', attempts: 1, providerCode: 'RequestTimeTooSkewed' });
    expect(error.message).toContain('clock');
    expect(proxy.fired).toBe(1);
  });

  test('credentials that expire in the middle of an upload fail it typed, and leave nothing (#226)', async () => {
    const backend = make();
    const body = new Blob([randomBytes(12 * 1024 * 1024)]);
    await proxy.arm({
      method: 'PUT',
      query: 'partNumber',
      skip: 1,
      times: 1000,
      fault: { kind: 'answer', status: 400, body: xml('ExpiredToken') },
    });
    const error = await failureOf(
      backend.save('expired', body.stream(), { partSize: 5 * 1024 * 1024, concurrency: 1 }),
    );
    expect(error).toMatchObject({ code: 'Unauthenticated', providerCode: 'ExpiredToken' });
    expect(proxy.fired).toBe(1);
    expect(await backend.exists('expired')).toBe(false);
    const client = await backend.native();
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucketName, Prefix: 'expired' }),
    );
    expect(Uploads).toEqual([]);
  });

  test.each(['SlowDown', 'SlowDownRead', 'RequestLimitExceeded'])('%s is Throttled, and waited for', async (code) => {
    const backend = make({ retry: { throttledDelayMs: 1 } });
    const fault = { kind: 'answer', status: 503, headers: { 'retry-after': '1' }, body: xml(code) } as const;
    await proxy.arm({ fault });
    const began = performance.now();
    expect(await (await backend.retrieve('there')).text()).toBe('text');
    expect(performance.now() - began).toBeGreaterThan(950);
    await proxy.arm({ times: 1000, fault: { ...fault, headers: {} } });
    expect(await failureOf(backend.retrieve('there'))).toMatchObject({
      code: 'Throttled',
      retryable: 'safe',
      attempts: 5,
    });
  });
});
