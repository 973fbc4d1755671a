import { randomBytes } from 'node:crypto';
import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';

// Off by default: an account of Azure, in whose name it runs, has to be given. With versions only where they are on.
const connectionString = process.env['STORAGE_TEST_AZURE_CONNECTION_STRING'];
const versions = process.env['STORAGE_TEST_AZURE_VERSIONS'] === '1';

if (connectionString === undefined) test.skip('STORAGE_TEST_AZURE_CONNECTION_STRING names no live account');
else {
  const containerName = `conformance-${randomBytes(6).toString('hex')}`;
  const make = (options: object = {}): AzureBlobBackend =>
    new AzureBlobBackend({ connectionString, containerName, versions, ...options });
  const admin = make();
  afterAll(async () => {
    await (await admin.native()).deleteIfExists();
    await admin.close();
  });
  conformance({
    name: 'azure-blob-live',
    harness: {
      make,
      reset: async () => {
        await admin.save('first', '');
        await admin.deletePrefix('', { allowAll: true });
      },
      dropsDots: true,
      secrets: [connectionString],
      evidence: 'live',
    },
    areas: ['setup', 'conditions', 'sign', 'tiers', 'versions'],
  });
}
