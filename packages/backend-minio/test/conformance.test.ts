import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const minio = inject('minio');

if ('skipped' in minio) test.skip(minio.skipped);
else {
  conformance({
    name: 'minio',
    harness: {
      ...harnessOf(minio),
      deviations: {
        64: { reason: 'The backend has no uploads in parts yet, and buffers a stream of unknown size up to 64 MiB.' },
        65: {
          title: 'when the write fails',
          reason: 'The backend has no uploads in parts yet, and refuses an endless stream before it asks the service.',
        },
        135: { reason: 'A bucket has no symbolic links.' },
      },
    },
    areas: ['setup', 'keys', 'write', 'read', 'range', 'list', 'delete', 'metadata', 'conditions'],
  });
}
