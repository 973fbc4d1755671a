import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');

// A service that speaks S3 and is not AWS: every area.
if ('skipped' in minio) test.skip(minio.skipped);
else conformance({ name: 'aws-s3 with another service', harness: harnessOf(minio, { versions: false }) });
