import type { AreaName } from '@storage/conformance-tests';
import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');
const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

/**
 * Requests that both transports send; all others run with STORAGE_TESTS_LONG. Conditions, parts and deletes by the
 * SDK are backend-minio's, against this server too.
 */
const areas: AreaName[] = ['keys', 'write', 'read', 'list'];

// The other run goes direct.
if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'aws-s3 with another service, by the SDK',
    harness: harnessOf(minio, { versions: false, transport: 'sdk' }),
    ...(!isLong && { areas }),
  });
}
