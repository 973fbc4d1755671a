import { describe, expect, inject, test } from 'vitest';
import { errorOf, newBackend } from './bucket.ts';

const servers = [
  ['MinIO, as another service', inject('minio'), 'generic'],
  ['moto, as AWS', inject('moto'), 'aws'],
] as const;

describe.each(servers)('on %s', (_name, server, service) => {
  test.skipIf('skipped' in server)(
    'versioning is off until it is switched on, and then it can be suspended',
    async () => {
      if ('skipped' in server) return;
      await using backend = newBackend(server, { service });
      await backend.save('a', 'one');
      expect(await backend.getVersioning()).toBe('off');
      expect((await errorOf(backend.getVersions('a'))).message).toContain('enableVersioning()');

      await backend.enableVersioning();
      expect(await backend.getVersioning()).toBe('on');
      expect(await backend.state()).toEqual({ versioning: 'on' });
      const { versionId } = await backend.save('a', 'two');
      const versions = await backend.getVersions('a');
      // What was there before has the id that S3 gives to it.
      expect(versions.map((version) => version.versionId)).toEqual([versionId, 'null']);
      await backend.restoreVersion('a', 'null');
      expect(await (await backend.retrieve('a')).text()).toBe('one');

      await backend.suspendVersioning();
      expect(await backend.getVersioning()).toBe('suspended');
      expect(await backend.getVersions('a')).toHaveLength(3);
    },
  );

  test.skipIf('skipped' in server)('a bucket that is not there is created for its settings, or named', async () => {
    if ('skipped' in server) return;
    await using backend = newBackend(server, { service });
    await backend.enableVersioning();
    expect(await backend.getVersioning()).toBe('on');

    await using missing = newBackend(server, { service, createBucket: false });
    expect((await errorOf(missing.enableVersioning())).code).toBe('BucketNotFound');
    expect((await errorOf(missing.suspendVersioning())).code).toBe('BucketNotFound');
    expect((await errorOf(missing.getVersioning())).code).toBe('BucketNotFound');
  });
});
