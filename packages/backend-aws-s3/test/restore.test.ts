import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AwsS3Backend, type RestoreProgress } from '../src/index.ts';

const moto = inject('moto');

describe.skipIf('skipped' in moto)('archives, on an emulator', () => {
  let backend: AwsS3Backend;
  beforeAll(async () => {
    if ('skipped' in moto) throw new Error(moto.skipped);
    const bucket = { bucketName: 'restores', createBucket: true, region: 'us-east-1', pathStyle: true } as const;
    backend = await new AwsS3Backend({ ...moto, ...bucket, service: 'aws' }).initialize();
  });
  afterAll(() => backend.close());

  /** Restores are done after so many questions; without an argument at once. */
  async function restoresTake(questions?: number): Promise<void> {
    if ('skipped' in moto) throw new Error(moto.skipped);
    const transition =
      questions === undefined ? { progression: 'immediate' } : { progression: 'manual', times: questions };
    const response = await fetch(`${moto.endpointUrl}/moto-api/state-manager/set-transition`, {
      method: 'POST',
      body: JSON.stringify({ model_name: 's3::keyrestore', transition }),
    });
    expect(response.status).toBe(201);
  }

  test('a file goes to the archive and comes back: archived, restoring, restored until', async () => {
    const key = 'users/123/old_resume.pdf';
    const metadata = { jobId: '456' };
    await backend.save(key, 'text', { contentType: 'application/pdf', metadata, tags: { a: 'b' } });
    const moved = await backend.transitionToGlacier(key);
    expect(moved).toMatchObject({ tier: 'GLACIER', archive: { status: 'archived' }, metadata });
    expect(await backend.getMetadata(key)).toEqual(moved);
    expect((await backend.listFiles(key))[0]?.tier).toBe('GLACIER');
    await expect(backend.retrieve(key)).rejects.toMatchObject({ code: 'Archived' });
    await expect(backend.waitUntilRestored(key)).rejects.toMatchObject({ code: 'Archived' });

    await restoresTake(12);
    try {
      const asked = await backend.restoreFromGlacier(key, { days: 2 });
      expect(asked.archive).toEqual({ status: 'restoring' });
      await expect(backend.retrieve(key)).rejects.toMatchObject({ code: 'Archived' });
      const progress: RestoreProgress[] = [];
      const restored = await backend.waitUntilRestored(key, {
        pollIntervalMs: 5,
        onProgress: (now) => progress.push(now),
      });
      expect(progress.length).toBeGreaterThan(0);
      expect(new Set(progress.map(({ archive }) => archive.status))).toEqual(new Set(['restoring']));
      const { archive } = restored;
      if (archive?.status !== 'restored') return expect.fail(`it is ${String(archive?.status)}`);
      const inDays = (Number(archive.until) - Date.now()) / 86_400_000;
      expect(inDays).toBeGreaterThan(0);
      expect(inDays).toBeLessThan(4);
      const file = await backend.retrieve(key);
      expect(file).toMatchObject({ contentType: 'application/pdf', metadata });
      expect(await file.text()).toBe('text');
      expect(await backend.getTags(key)).toEqual({ a: 'b' });
    } finally {
      await restoresTake();
    }
  });

  test.each(['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'] as const)('transitionToGlacier to %s', async (storageClass) => {
    await backend.save(storageClass, 'text');
    const { tier, archive } = await backend.transitionToGlacier(storageClass, { storageClass });
    expect(tier).toBe(storageClass);
    expect(archive?.status).toBe(storageClass === 'GLACIER_IR' ? undefined : 'archived');
  });

  test('transitionToGlacier to another class, or of a missing file, is refused', async () => {
    await backend.save('warm', 'text');
    const other = backend.transitionToGlacier('warm', { storageClass: 'STANDARD_IA' as 'GLACIER' });
    await expect(other).rejects.toMatchObject({ code: 'InvalidArgument', key: 'warm' });
    await expect(backend.transitionToGlacier('missing')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(backend.restoreFromGlacier('missing')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(backend.waitUntilRestored('missing')).rejects.toMatchObject({ code: 'NotFound' });
    expect((await backend.waitUntilRestored('warm')).archive).toBeUndefined();
  });

  test.each(['AES256', 'aws:kms'] as const)(
    '%s is reported by save and by getMetadata, and kept by setTier',
    async (sse) => {
      const saved = await backend.save(sse, 'text', { sse });
      expect(saved.encryption?.algorithm).toBe(sse);
      expect((await backend.getMetadata(sse))?.encryption?.algorithm).toBe(sse);
      await backend.setTier(sse, 'STANDARD_IA');
      expect((await backend.getMetadata(sse))?.encryption?.algorithm).toBe(sse);
    },
  );
});
