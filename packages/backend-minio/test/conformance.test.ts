import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');

if ('skipped' in minio) test.skip(minio.skipped);
else conformance({ name: 'minio', harness: harnessOf(minio, { versioned: false }) });
