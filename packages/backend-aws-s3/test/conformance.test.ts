import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { AwsS3Backend } from '../src/index.ts';
import { harnessOf } from './store.ts';

const minio = inject('minio');

// A service that speaks S3 and is not AWS: every area, and versions in a bucket that keeps them.
if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({ name: 'aws-s3 with another service', harness: harnessOf(minio, { versions: false }) });

  const harness = harnessOf(minio, { versions: true });
  conformance({
    name: 'aws-s3 with another service, versioned',
    harness: {
      ...harness,
      reset: async () => {
        await harness.reset();
        await using admin = await harness.make();
        if (!(admin instanceof AwsS3Backend)) throw new TypeError('not of this package');
        await admin.enableVersioning();
      },
    },
    areas: ['versions'],
  });
}
