import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll } from 'vitest';
import { localHarness } from './store.ts';

const harness = localHarness({ durability: 'power' });
afterAll(() => harness.close());

// What waits for the disk: everything that writes.
conformance({
  name: 'local, safe against power failure',
  harness,
  areas: ['write', 'delete', 'copy', 'versions', 'multipart'],
});
