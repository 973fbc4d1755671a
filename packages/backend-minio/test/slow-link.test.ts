import { randomBytes } from 'node:crypto';
import { slowLinkChecks, startToxiproxy } from '@storage/conformance-tests/servers';
import { afterAll, describe, inject, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';

const minio = inject('minio');
const link = 'skipped' in minio ? minio : await startToxiproxy(minio.endpointUrl);

if ('skipped' in link) test.skip(link.skipped);
else if (!('skipped' in minio)) {
  const bucketName = `slow-${randomBytes(6).toString('hex')}`;
  const at = { ...minio, endpointUrl: link.access.url, bucketName, createBucket: true };
  describe('a slow link', () => {
    afterAll(() => link.stop());
    for (const { title, run } of slowLinkChecks(link.access, (options) => new MinioBackend({ ...at, ...options }))) {
      test(title, run);
    }
  });
}
