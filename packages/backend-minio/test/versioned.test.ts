import type { AreaName } from '@storage/conformance-tests';
import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');

const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

/** Where versions may matter; all others run with STORAGE_TESTS_LONG. */
const areas: AreaName[] = ['delete', 'copy', 'metadata', 'conditions', 'multipart', 'versions'];

if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'minio, versioned, by the SDK',
    harness: harnessOf(minio, { versioned: true, transport: 'sdk' }),
    ...(!isLong && { areas }),
  });
}
