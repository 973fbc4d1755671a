import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { deviations } from './deviations.ts';
import { harnessOf } from './store.ts';

const azurite = inject('azurite');

if ('skipped' in azurite) test.skip(azurite.skipped);
else {
  conformance({
    name: 'azure-blob',
    harness: { ...harnessOf(azurite), deviations },
  });
}
