import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');

if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'aws-s3 with another service',
    harness: {
      ...harnessOf(minio, { versions: false }),
      deviations: {
        135: { reason: 'A bucket has no symbolic links.' },
      },
    },
  });
}
