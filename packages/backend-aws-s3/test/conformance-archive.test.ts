import { conformance } from '@storage/conformance-tests/vitest';
import { inject, test } from 'vitest';
import { harnessOf } from './store.ts';

const moto = inject('moto');

if ('skipped' in moto) test.skip(moto.skipped);
else {
  conformance({
    name: 'aws-s3 on an emulator',
    harness: {
      ...harnessOf(moto, { service: 'aws', region: 'us-east-1', pathStyle: true, versions: false }),
      evidence: 'emulator',
    },
    areas: ['tiers', 'delete', 'copy', 'tiers', 'metadata'],
  });
}
