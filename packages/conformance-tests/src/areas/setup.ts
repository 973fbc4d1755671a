import assert from 'node:assert/strict';
import { prefixed, readOnly } from '@storage/core';
import type { StorageBackend } from '@storage/core';
import type { StorageDriver } from '@storage/core/driver';
import { absent, expectCode, headOf, holds, keysUnder, sameBytes } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import { defineArea } from '../case.ts';
import type { Area } from '../case.ts';
import { faulty } from '../faults/faulty-driver.ts';

const bytes = utf8('setup');

/** One call of every method that needs no capability. */
function everyCall(backend: StorageBackend, key: string): Record<string, () => Promise<unknown>> {
  return {
    save: () => backend.save(key, bytes),
    retrieve: () => backend.retrieve(key),
    delete: () => backend.delete(key),
    exists: () => backend.exists(key),
    getMetadata: () => backend.getMetadata(key),
    listFiles: () => backend.listFiles(key),
    listPage: () => backend.listPage({ prefix: key }),
    walk: () => keysUnder(backend, key),
    deleteMany: () => backend.deleteMany([key]),
    deletePrefix: () => backend.deletePrefix(key),
    initialize: () => backend.initialize(),
  };
}

/** The driver that a backend speaks through. */
async function driverOf(backend: StorageBackend): Promise<StorageDriver> {
  let found: StorageDriver | undefined;
  const view = backend.with((driver) => {
    found = driver;
    return driver;
  });
  await view.initialize();
  await view.close();
  assert.ok(found, 'a layer is given the driver');
  return found;
}

/** Which optional members must exist, by what the capabilities claim. */
function claimedMembers({ capabilities, multipart, sign, versions, tiers, ...driver }: StorageDriver): {
  readonly claimed: Record<string, boolean>;
  readonly there: Record<string, boolean>;
} {
  const parts = capabilities.multipart;
  return {
    claimed: {
      copy: capabilities.copy,
      move: capabilities.atomicMove,
      removeMany: capabilities.batchDelete !== false,
      setMetadata: capabilities.setMetadata,
      sign: capabilities.sign !== false,
      signForm: capabilities.sign !== false && capabilities.sign.uploadForm,
      multipart: parts !== false,
      listIncomplete: parts !== false && parts.listIncomplete !== false,
      versions: capabilities.versions !== false,
      undelete: capabilities.undelete,
      tiers: capabilities.tiers !== false,
      restore: capabilities.archiveTiers !== false,
      tags: capabilities.tags,
    },
    there: {
      copy: driver.copy !== undefined,
      move: driver.move !== undefined,
      removeMany: driver.removeMany !== undefined,
      setMetadata: driver.setMetadata !== undefined,
      sign: sign !== undefined,
      signForm: driver.signForm !== undefined,
      multipart: multipart !== undefined,
      listIncomplete: multipart?.listIncomplete !== undefined,
      versions: versions !== undefined,
      undelete: versions?.undelete !== undefined,
      tiers: tiers !== undefined,
      restore: tiers?.restore !== undefined,
      tags: driver.tags !== undefined,
    },
  };
}

export const setup: Area = defineArea({
  name: 'setup',
  title: 'A. Setup, lifecycle, identity',
  cases: [
    {
      number: 1,
      title: 'a store that is not there is reported as such, a real one as accessible',
      uses: ['makeMissing'],
      run: async ({ make, makeExtra }) => {
        const missing = await makeExtra('makeMissing');
        const health = await missing.healthCheck();
        assert.equal(health.healthy, false);
        assert.equal(health.error?.code, 'BucketNotFound');
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
    {
      number: 5,
      title: 'after close every call rejects Closed, and closing again is fine',
      run: async ({ backend, harness, key }) => {
        await backend.save(key(), bytes);
        const closing = await harness.make();
        await closing.initialize();
        await closing.close();
        await closing.close();
        for (const call of Object.values(everyCall(closing, key()))) await expectCode(call, 'Closed');
        await holds(backend, key(), bytes);
      },
    },
    {
      number: 5,
      title: 'a reader that is open when the instance closes finishes whole or fails cleanly',
      run: async ({ backend, harness, key }) => {
        const large = pattern(2 * 1024 * 1024);
        await backend.save(key(), large);
        const closing = await harness.make();
        const file = await closing.retrieve(key());
        await closing.close();
        const outcome = await file.bytes().catch((error: unknown) => error);
        if (outcome instanceof Uint8Array) sameBytes(outcome, large);
        else await expectCode(Promise.reject(outcome as Error), 'Closed', 'Aborted', 'Unavailable');
      },
    },
    {
      number: 5,
      title: '`await using` closes',
      run: async ({ harness, key }) => {
        const backend = await harness.make();
        await backend[Symbol.asyncDispose]();
        await expectCode(backend.exists(key()), 'Closed');
      },
    },
    {
      number: 5,
      title: 'closing a view leaves the backend under it open',
      run: async ({ make, key }) => {
        const backend = await make();
        const view = backend.with(faulty());
        await view.save(key(), bytes);
        await view.close();
        await expectCode(view.exists(key()), 'Closed');
        await holds(backend, key(), bytes);
      },
    },
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
    {
      number: 8,
      title: 'a layer forwards every member and never widens capabilities',
      run: async ({ make, key }) => {
        const inner = await driverOf(await make());
        for (const layer of [faulty(), prefixed(key('view/')), readOnly()]) {
          const wrapped = layer(inner);
          for (const [name, claim] of Object.entries(wrapped.capabilities)) {
            const own = inner.capabilities[name as keyof typeof inner.capabilities] as unknown;
            if (own === false) assert.equal(claim, false, `${name} is not widened`);
          }
          const { claimed, there } = claimedMembers(wrapped);
          assert.deepEqual(there, claimed);
        }
      },
    },
    {
      number: 8,
      title: 'behind a prefix every key is relative, and nothing outside is seen or touched',
      run: async ({ backend, make, key }) => {
        const view = (await make()).with(prefixed(key('inside/')));
        await backend.save(key('outside'), bytes);
        await backend.save(key('inside-not'), bytes);
        const saved = await view.save('a/b', bytes, { metadata: { spelledSo: 'yes' } });
        assert.equal(saved.key, 'a/b');
        await holds(backend, key('inside/a/b'), bytes);
        assert.equal((await headOf(view, 'a/b')).key, 'a/b');
        assert.equal((await headOf(view, 'a/b')).metadata['spelledSo'], 'yes');
        assert.deepEqual(await keysUnder(view, ''), ['a/b']);
        const page = await view.listPage({ delimiter: '/' });
        assert.deepEqual(page.prefixes, ['a/']);
        await view.deletePrefix('', { allowAll: true });
        assert.equal(await backend.exists(key('inside/a/b')), false);
        await holds(backend, key('outside'), bytes);
        await holds(backend, key('inside-not'), bytes);
        const error = await expectCode(view.retrieve('a/b'), 'NotFound');
        assert.equal(error.key, 'a/b', 'errors name the key that was asked for');
        await view.close();
      },
    },
    {
      number: 8,
      title: 'behind readOnly every write is refused, and reads work',
      run: async ({ backend, make, key }) => {
        await backend.save(key(), bytes);
        const view = (await make()).with(readOnly());
        await holds(view, key(), bytes);
        const codes = ['Unsupported', 'PermissionDenied'] as const;
        await expectCode(view.save(key(), utf8('other')), ...codes);
        await expectCode(view.save(key('new'), utf8('other')), ...codes);
        await expectCode(view.delete(key()), ...codes);
        await holds(backend, key(), bytes);
        await absent(backend, key('new'));
        await view.close();
      },
    },
  ],
});

function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert.ok(Object.isFrozen(value), `frozen: ${JSON.stringify(value)}`);
  for (const member of Object.values(value)) assertFrozen(member);
}
