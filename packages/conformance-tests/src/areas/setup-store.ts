import assert from 'node:assert/strict';
import { absent, expectCode, headOf, holds, keysUnder } from '../assertions.ts';
import type { ConformanceCase } from '../case.ts';
import { bytes, everyCall } from './setup-case.ts';

export const setupStore: readonly ConformanceCase[] = [
  {
    number: 1,
    title: 'a store that is not there is reported as such, a real one as accessible',
    uses: ['makeMissing'],
    run: async ({ make, makeExtra }) => {
      const missing = await makeExtra('makeMissing');
      const health = await missing.healthCheck();
      assert.equal(health.healthy, false);
      assert.equal(health.error.code, 'BucketNotFound');
      await expectCode(missing.initialize(), 'BucketNotFound');
      assert.equal((await (await make()).healthCheck()).healthy, true);
    },
  },
  {
    number: 1,
    title: 'in a store that is not there, reads and writes reject BucketNotFound, not NotFound',
    uses: ['makeMissing'],
    run: async ({ makeExtra, key }) => {
      const missing = await makeExtra('makeMissing');
      await expectCode(missing.retrieve(key()), 'BucketNotFound');
      await expectCode(missing.getMetadata(key()), 'BucketNotFound');
      await expectCode(missing.listFiles(key()), 'BucketNotFound');
      await expectCode(missing.save(key(), bytes), 'BucketNotFound');
    },
  },
  {
    number: 2,
    title: 'two instances over one store see each other’s objects',
    run: async ({ make, key, prefix }) => {
      const [writer, reader] = [await make(), await make()];
      await writer.save(key('shared'), bytes, { metadata: { from: 'writer' } });
      assert.equal(await reader.exists(key('shared')), true);
      assert.equal((await headOf(reader, key('shared'))).metadata['from'], 'writer');
      assert.deepEqual(await keysUnder(reader, prefix), [key('shared')]);
      await holds(reader, key('shared'), bytes);
      await reader.delete(key('shared'));
      await absent(writer, key('shared'));
    },
  },
  {
    number: 2,
    title: 'what an instance has saved is there after it closed, as far as its durability goes',
    claims: ['durability'],
    run: async ({ harness, make, key }) => {
      const writer = await harness.make();
      await writer.save(key(), bytes, { metadata: { from: 'the one that closed' } });
      await writer.close();
      const reader = await make();
      await holds(reader, key(), bytes);
      assert.equal((await headOf(reader, key())).metadata['from'], 'the one that closed');
    },
  },
  {
    number: 3,
    title: 'bad credentials are Unauthenticated or PermissionDenied in every call, never absence',
    uses: ['makeDenied'],
    run: async ({ backend, makeExtra, key }) => {
      await backend.save(key(), bytes);
      const denied = await makeExtra('makeDenied');
      for (const [name, call] of Object.entries(everyCall(denied, key()))) {
        if (name === 'deleteMany') continue;
        await expectCode(call, 'Unauthenticated', 'PermissionDenied');
      }
      const [outcome] = await denied.deleteMany([key()]).catch(() => [undefined]);
      assert.notEqual(outcome?.ok, true, 'a batch delete does not succeed');
      const health = await denied.healthCheck();
      assert.ok(!health.healthy && ['Unauthenticated', 'PermissionDenied'].includes(health.error.code));
      await holds(backend, key(), bytes);
    },
  },
  {
    number: 4,
    title: 'the check succeeds on a good store, as often as it is asked',
    run: async ({ make }) => {
      const backend = await make();
      assert.equal(await backend.initialize(), backend);
      assert.equal(await backend.initialize(), backend);
      const health = await backend.healthCheck();
      assert.equal(health.healthy, true);
      assert.ok(Number.isFinite(health.latencyMs) && health.latencyMs >= 0);
    },
  },
  {
    number: 4,
    title: 'first use works without initialize, also by many calls at once',
    run: async ({ make, key }) => {
      const backend = await make();
      await Promise.all([1, 2, 3, 4].map((name) => backend.save(key(String(name)), bytes)));
      assert.equal((await backend.listFiles(key(''))).length, 4);
    },
  },
];
