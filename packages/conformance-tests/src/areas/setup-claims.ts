import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.ts';
import { claimedMembers, driverOf } from './setup-case.ts';

function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert.ok(Object.isFrozen(value), `frozen: ${JSON.stringify(value)}`);
  for (const member of Object.values(value)) assertFrozen(member);
}

export const setupClaims: readonly ConformanceCase[] = [
  {
    number: 6,
    title: 'capabilities are frozen, serialisable, known without I/O, and the same for every instance',
    run: async ({ backend, makeExtra, harness, make }) => {
      const { capabilities } = await make();
      assert.deepEqual(capabilities, backend.capabilities);
      assert.deepEqual(JSON.parse(JSON.stringify(capabilities)), capabilities);
      assertFrozen(capabilities);
      if (harness.makeMissing === undefined) return;
      const missing = await makeExtra('makeMissing');
      assert.deepEqual(missing.capabilities, backend.capabilities, 'known where there is no store');
    },
  },
  {
    number: 6,
    title: 'a member of the driver exists exactly when its capability is claimed',
    run: async ({ make }) => {
      const driver = await driverOf(await make());
      const { claimed, there } = claimedMembers(driver);
      assert.deepEqual(there, claimed);
      assert.equal(driver.driverApi, 1);
      assert.match(driver.type, /^[a-z][a-z0-9-]*$/);
    },
  },
];
