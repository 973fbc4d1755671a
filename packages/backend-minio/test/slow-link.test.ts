import { randomBytes } from 'node:crypto';
import { startToxiproxy } from '@storage/conformance-tests/servers';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';

const minio = inject('minio');
const link = 'skipped' in minio ? minio : await startToxiproxy(minio.endpointUrl);

describe.skipIf('skipped' in link)('a slow link', () => {
  const bytes = randomBytes(12_000_000);
  let backend: MinioBackend;
  let patient: MinioBackend;
  beforeAll(() => {
    if ('skipped' in minio || 'skipped' in link) return;
    const bucketName = `slow-${randomBytes(6).toString('hex')}`;
    const endpointUrl = link.access.url;
    const options = {
      ...minio,
      endpointUrl,
      bucketName,
      createBucket: true,
      retry: false,
    } as const;
    backend = new MinioBackend({ ...options, idleTimeoutMs: 2000 });
    // No client sees what the kernels on the way have taken of an upload move any more: megabytes here.
    patient = new MinioBackend(options);
  });
  afterAll(async () => {
    if ('skipped' in link) return;
    await backend.close();
    await patient.close();
    await link.stop();
  });

  test('is no stall: what takes longer than the idle timeout goes through, as fast as the link is', async () => {
    if ('skipped' in link) return;
    await backend.save('first', '');
    // 2.4 s each way.
    await link.access.slow({ latencyMs: 200, kilobytesPerSecond: 5000 });
    let began = performance.now();
    await patient.save('bytes', bytes);
    expect(performance.now() - began).toBeGreaterThan(2300);
    began = performance.now();
    expect(bytes.equals(await (await backend.retrieve('bytes')).bytes())).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(2300);
  });

  test('that is slower than the idle timeout rejects Timeout', async () => {
    if ('skipped' in link) return;
    await link.access.slow({ latencyMs: 5000 });
    await expect(backend.exists('first')).rejects.toMatchObject({ code: 'Timeout' });
    await link.access.slow({});
    expect(await backend.exists('first')).toBe(true);
  });
});
