import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { deviations } from './deviations.ts';
import { harnessOf } from './store.ts';

const azurite = inject('azurite');
const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

// The other run goes direct; these are the areas of the verbs that can go either way.
const touched = ['write', 'read', 'range'] as const;

if ('skipped' in azurite) test.skip(azurite.skipped);
else {
  conformance({
    name: 'azure-blob, by the SDK',
    harness: { ...harnessOf(azurite, { transport: 'sdk' }), deviations },
    ...(!isLong && { areas: touched }),
  });
}
