import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const azurite = inject('azurite');

if ('skipped' in azurite) test.skip(azurite.skipped);
else {
  conformance({
    name: 'azure-blob',
    harness: {
      ...harnessOf(azurite),
      deviations: {
        64: { reason: 'The backend has no uploads in parts yet, and buffers a stream of unknown size up to 64 MiB.' },
        65: {
          title: 'when the write fails',
          reason: 'The backend has no uploads in parts yet, and refuses an endless stream before it asks the service.',
        },
        135: { reason: 'A container has no symbolic links.' },
        164: {
          reason: 'Azurite collects metadata in a plain object, so that `constructor` meets the function of that name.',
          link: 'https://github.com/Azure/Azurite/blob/main/src/common/utils/utils.ts',
        },
      },
    },
    areas: ['setup', 'keys', 'write', 'read', 'range', 'list', 'delete', 'metadata', 'conditions'],
  });
}
