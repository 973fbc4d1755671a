import { randomBytes } from 'node:crypto';
import { slowLinkChecks, startToxiproxy } from '@storage/conformance-tests/servers';
import { afterAll, describe, inject, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';

const azurite = inject('azurite');
const link = 'skipped' in azurite ? azurite : await startToxiproxy(azurite.endpointUrl);

if ('skipped' in link) test.skip(link.skipped);
else if (!('skipped' in azurite)) {
  const containerName = `slow-${randomBytes(6).toString('hex')}`;
  const at = { ...azurite, endpointUrl: link.access.url, containerName, createContainer: true };
  describe('a slow link', () => {
    afterAll(() => link.stop());
    for (const { title, run } of slowLinkChecks(
      link.access,
      (options) => new AzureBlobBackend({ ...at, ...options }),
    )) {
      test(title, run);
    }
  });
}
