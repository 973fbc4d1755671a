import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');
const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

// The other run goes direct. The versioned one is by the SDK in its areas, and so is one of backend-aws-s3 against this
// server, in most of them: these are the areas whose bodies and checksums differ from those of both.
const touched = ['write', 'read', 'range'] as const;

if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'minio, by the SDK',
    harness: harnessOf(minio, { versioned: false, transport: 'sdk' }),
    ...(!isLong && { areas: touched }),
  });
}
