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
        135: { reason: 'A container has no symbolic links.' },
        164: {
          reason: 'Azurite collects metadata in a plain object, so that `constructor` meets the function of that name.',
          link: 'https://github.com/Azure/Azurite/blob/main/src/common/utils/utils.ts',
        },
      },
    },
    areas: ['setup', 'keys', 'write', 'read', 'range', 'list', 'delete', 'metadata', 'conditions', 'faults'],
  });
}
