import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';
import { type BlackHole, startBlackHole } from './black-hole.ts';
import { errorOf } from './bucket.ts';

// There is no timeout of the connection alone: an attempt that makes no progress ends after `idleTimeoutMs`, and to be
// connected is the first progress that it could make.

let hole: BlackHole;
beforeAll(async () => {
  hole = await startBlackHole();
});
afterAll(() => hole.close());

describe.each(['sdk', 'direct'] as const)("transport: '%s'", (transport) => {
  function make(options: Partial<AwsS3Options>): AwsS3Backend {
    return new AwsS3Backend({
      bucketName: 'nowhere',
      region: 'us-east-1',
      endpointUrl: hole.url,
      accessKey: 'AKIDEXAMPLE',
      secretKey: 'secret-of-the-test',
      transport,
      ...options,
    });
  }

  const calls: Record<string, (backend: AwsS3Backend) => Promise<unknown>> = {
    initialize: (backend) => backend.initialize(),
    save: (backend) => backend.save('a', 'text'),
    'save of a stream': (backend) => backend.save('a', new Blob(['text']).stream()),
    retrieve: (backend) => backend.retrieve('a'),
    exists: (backend) => backend.exists('a'),
    listFiles: (backend) => backend.listFiles(),
    delete: (backend) => backend.delete('a'),
    getVersioning: (backend) => backend.getVersioning(),
  };

  test.each(Object.entries(calls))(
    '%s: where no connection comes about it ends after idleTimeoutMs',
    async (_name, call) => {
      await using backend = make({ idleTimeoutMs: 300, retry: false });
      const began = performance.now();
      const error = await errorOf(call(backend));
      const tookMs = performance.now() - began;
      expect(error).toMatchObject({ code: 'Timeout', attempts: 1, httpStatus: undefined });
      expect(tookMs).toBeGreaterThan(290);
      expect(tookMs).toBeLessThan(3000);
    },
  );

  test('each attempt gets that time, and timeoutMs bounds all of them', async () => {
    await using backend = make({ idleTimeoutMs: 200, retry: { attempts: 3, baseDelayMs: 1 } });
    expect(await errorOf(backend.retrieve('a'))).toMatchObject({ code: 'Timeout', attempts: 3 });
    const began = performance.now();
    expect((await errorOf(backend.retrieve('a', { timeoutMs: 100 }))).code).toBe('Timeout');
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('the signal ends it too, at once', async () => {
    await using backend = make({ idleTimeoutMs: 30_000, retry: false });
    const began = performance.now();
    expect((await errorOf(backend.retrieve('a', { signal: AbortSignal.timeout(100) }))).code).toBe('Aborted');
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
