import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');
const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

// The other run goes direct. What differs is in these areas; the rest is the SDK's in both.
const touched = ['keys', 'write', 'read', 'range', 'list', 'delete', 'conditions'] as const;

if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'minio, by the SDK',
    harness: harnessOf(minio, { versioned: false, transport: 'sdk' }),
    ...(!isLong && { areas: touched }),
  });
}
