import assert from 'node:assert/strict';
import { absent, expectCode, expectEarly, expectRefused, headOf, holds, keysUnder, sameBytes } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import { count, defineArea } from '../case.ts';
import type { Area, ConformanceCase } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';
import { weirdNames } from '../keys.ts';
import { inParallel } from '../parallel.ts';

const oneCases: readonly ConformanceCase[] = [
  {
    number: 125,
    title: 'a deleted object is gone for every method, and the delete says that it was there, where it can',
    claims: ['deleteReportsExistence'],
    run: async ({ backend, make, key, capabilities }) => {
      await backend.save(key('a/b'), 'x', { metadata: { a: 'b' } });
      const result = await backend.delete(key('a/b'));
      assert.equal(result.key, key('a/b'));
      assert.equal(result.existed, capabilities.deleteReportsExistence ? true : undefined);
      await absent(backend, key('a/b'));
      await absent(await make(), key('a/b'));
      await backend.save(key('a/b'), 'again');
      assert.deepEqual({ ...(await headOf(backend, key('a/b'))).metadata }, {}, 'nothing of the old one comes back');
      await holds(backend, key('a/b'), utf8('again'));
    },
  },
  {
    number: 126,
    title: 'deleting a missing key succeeds, once and again',
    claims: ['deleteReportsExistence'],
    run: async ({ backend, key, capabilities }) => {
      const existed = capabilities.deleteReportsExistence ? false : undefined;
      for (const name of ['missing', 'missing', 'no/such/folder/file']) {
        assert.equal((await backend.delete(key(name))).existed, existed);
      }
      await backend.save(key('once'), 'x');
      await backend.delete(key('once'));
      assert.equal((await backend.delete(key('once'))).existed, existed);
    },
  },
  {
    number: 127,
    title: 'mustExist turns a missing key into NotFound',
    claims: ['mustExistDelete'],
    needs: (capabilities) => capabilities.mustExistDelete,
    run: async ({ backend, key }) => {
      const error = await expectCode(backend.delete(key('missing'), { mustExist: true }), 'NotFound');
      assert.equal(error.key, key('missing'));
      await backend.save(key('there'), 'x');
      assert.equal((await backend.delete(key('there'), { mustExist: true })).key, key('there'));
      await absent(backend, key('there'));
      await expectCode(backend.delete(key('there'), { mustExist: true }), 'NotFound');
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), 'x');
      await expectRefused(context, key(), (watched) => watched.delete(key(), { mustExist: true }));
      await expectRefused(context, key('missing'), (watched) => watched.delete(key('missing'), { mustExist: true }));
    },
  },
  {
    number: 128,
    title: 'deleting a folder of other keys removes nothing',
    run: async ({ backend, key, prefix }) => {
      await inParallel(['folder/a', 'folder/inner/b', 'folder2'], (name) => backend.save(key(name), name));
      for (const folder of ['folder', 'folder/inner', 'fold']) await backend.delete(key(folder));
      await backend
        .delete(key('folder/'))
        .catch((error: unknown) => expectCode(Promise.reject(error as Error), 'InvalidKey'));
      assert.deepEqual(
        await keysUnder(backend, prefix),
        ['folder/a', 'folder/inner/b', 'folder2'].map((name) => key(name)),
      );
      await holds(backend, key('folder/inner/b'), utf8('folder/inner/b'));
    },
  },
  {
    number: 133,
    title: 'a delete removes neither siblings nor parents',
    run: async ({ backend, key, prefix }) => {
      const names = ['a/b/c', 'a/b/d', 'a/b0', 'a/b.x', 'a.b'];
      await inParallel(names, (name) => backend.save(key(name), name));
      await backend.delete(key('a/b/c'));
      assert.deepEqual(
        await keysUnder(backend, prefix),
        ['a.b', 'a/b.x', 'a/b/d', 'a/b0'].map((name) => key(name)),
      );
      await backend.delete(key('a/b/d'));
      await backend.save(key('a/b/c'), 'back');
      await holds(backend, key('a/b/c'), utf8('back'));
    },
  },
  {
    number: 133,
    title: 'a writer is not disturbed by a delete that empties its folder',
    run: async ({ backend, make, key }) => {
      const other = await make();
      for (let round = 0; round < count(25, 1000); round += 1) {
        const folder = `deep/${round % 3}/folder`;
        await backend.save(key(`${folder}/first`), 'x');
        await Promise.all([
          other.delete(key(`${folder}/first`)),
          backend.save(key(`${folder}/second`), `round ${round}`),
          other.save(key(`${folder}/inner/third`), `round ${round}`),
        ]);
        await holds(backend, key(`${folder}/second`), utf8(`round ${round}`));
        await holds(backend, key(`${folder}/inner/third`), utf8(`round ${round}`));
        await Promise.all([backend.delete(key(`${folder}/second`)), other.delete(key(`${folder}/inner/third`))]);
      }
    },
  },
  {
    number: 134,
    title: 'an object that is deleted while it is read: every byte of it, or an error',
    run: async ({ backend, key }) => {
      const bytes = pattern(4 * 1024 * 1024, 134);
      await backend.save(key(), bytes);
      const file = await backend.retrieve(key());
      await backend.delete(key());
      const outcome = await file.bytes().catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) sameBytes(outcome, bytes);
      else await expectCode(Promise.reject(outcome as Error), 'NotFound', 'PreconditionFailed', 'Unavailable');
      await absent(backend, key());
    },
  },
  {
    number: 135,
    title: 'a symbolic link that was planted in the store: a delete never reaches its target',
    uses: ['plant'],
    run: async ({ backend, harness, key }) => {
      await backend.save(key('target'), 'precious');
      await backend.save(key('folder/inside'), 'precious');
      await harness.plant?.({ kind: 'symlink', key: key('link'), target: key('target') });
      await harness.plant?.({ kind: 'symlink', key: key('folder-link'), target: key('folder') });
      const codes = ['InvalidKey', 'PermissionDenied', 'NotFound', 'Corrupted', 'KeyConflict'] as const;
      const refusal = (error: unknown): unknown => expectCode(Promise.reject(error as Error), ...codes);
      await backend.delete(key('link')).catch(refusal);
      await backend.delete(key('folder-link/inside')).catch(refusal);
      await backend.deletePrefix(key('folder-link/')).catch(refusal);
      await holds(backend, key('target'), utf8('precious'));
      await holds(backend, key('folder/inside'), utf8('precious'));
    },
  },
];

const manyCases: readonly ConformanceCase[] = [
  {
    number: 129,
    title: 'a batch of none, of one, and of missing and odd keys: one outcome each, in the order given',
    claims: ['batchDelete', 'deleteReportsExistence'],
    run: async ({ backend, key, prefix, capabilities }) => {
      assert.deepEqual(await backend.deleteMany([]), []);
      await inParallel(weirdNames, (name) => backend.save(key(name), name));
      await backend.save(key('stays'), 'x');
      const keys = weirdNames.flatMap((name, index) => [key(`missing-${index}`), key(name)]);
      const outcomes = await backend.deleteMany(keys);
      assert.deepEqual(
        outcomes.map((outcome) => outcome.key),
        keys,
      );
      for (const outcome of outcomes) {
        assert.ok(outcome.ok, outcome.key);
        if (!capabilities.deleteReportsExistence) assert.equal(outcome.existed, undefined);
        else assert.equal(outcome.existed, !outcome.key.startsWith(key('missing-')), outcome.key);
      }
      assert.deepEqual(await keysUnder(backend, prefix), [key('stays')]);
      const [one] = await backend.deleteMany([key('stays')]);
      assert.ok(one?.ok === true && one.key === key('stays'));
    },
  },
  {
    number: 129,
    title: 'a batch of 1000 and of 1001 keys is deleted whole',
    claims: ['batchDelete'],
    timeoutMs: 120_000,
    run: async ({ backend, key, prefix }) => {
      for (const howMany of [1000, 1001]) {
        const keys = Array.from({ length: howMany }, (_, index) => key(`k${index}`));
        // Most of them are missing: what is counted is that each has its outcome.
        const there = keys.filter((_, index) => index % 20 === 0 || index === howMany - 1);
        await inParallel(there, (name) => backend.save(name, 'x'), 24);
        const outcomes = await backend.deleteMany(keys);
        assert.deepEqual(
          outcomes.map((outcome) => outcome.key),
          keys,
        );
        assert.ok(outcomes.every((outcome) => outcome.ok));
        assert.deepEqual(await keysUnder(backend, prefix), []);
      }
    },
  },
  {
    number: 129,
    title: 'the same key twice in a batch has an outcome each, and a key that cannot be has its own error',
    run: async ({ backend, key }) => {
      await backend.save(key('a'), 'x');
      const outcomes = await backend.deleteMany([key('a'), key('a'), key('bad\u0000'), key('b')]);
      assert.deepEqual(
        outcomes.map((outcome) => outcome.ok),
        [true, true, false, true],
      );
      const [, , bad] = outcomes;
      assert.ok(bad?.ok === false && bad.error.code === 'InvalidKey' && bad.key === key('bad\u0000'));
      await absent(backend, key('a'));
    },
  },
  {
    number: 130,
    title: 'a batch that fails in part names each key that failed, and the others are deleted',
    claims: ['batchDelete'],
    run: async ({ backend, key, prefix, makeFaulty }) => {
      const keys = Array.from({ length: 10 }, (_, index) => key(`k${index}`));
      await inParallel(keys, (name) => backend.save(name, 'x'));
      const refused = [key('k3'), key('k7')];
      const rules: FaultRule[] = [
        { on: ['remove', 'removeMany'], times: 1000, fault: { kind: 'deny-keys', keys: refused } },
      ];
      const failing = await makeFaulty(rules);
      const outcomes = await failing.backend.deleteMany(keys);
      assert.deepEqual(
        outcomes.map((outcome) => outcome.key),
        keys,
      );
      for (const outcome of outcomes) {
        assert.equal(outcome.ok, !refused.includes(outcome.key), outcome.key);
        if (outcome.ok) continue;
        assert.equal(outcome.error.code, 'PermissionDenied');
        assert.equal(outcome.error.key, outcome.key);
      }
      assert.ok(failing.faults.fired > 0);
      assert.deepEqual(await keysUnder(backend, prefix), refused);
    },
  },
  {
    number: 131,
    title: 'a delete by prefix removes only the prefix: the slash is exact, odd characters are literal',
    run: async ({ backend, key, prefix }) => {
      const names = ['a/1', 'a/b/2', 'ab', 'a.b', 'x%2F/1', '[a]/1', 'a*/1', 'b/1'];
      await inParallel(names, (name) => backend.save(key(name), name));
      const left = async (): Promise<readonly string[]> =>
        (await keysUnder(backend, prefix)).map((name) => name.slice(prefix.length));
      const result = await backend.deletePrefix(key('a/'));
      assert.deepEqual({ deleted: result.deleted, failed: result.failed }, { deleted: 2, failed: [] });
      const after = names.filter((name) => !name.startsWith('a/')).toSorted();
      assert.deepEqual((await left()).toSorted(), after);
      await backend.deletePrefix(key('[a]'));
      await backend.deletePrefix(key('a*'));
      await backend.deletePrefix(key('x%2F'));
      assert.deepEqual(await left(), ['a.b', 'ab', 'b/1']);
      await backend.deletePrefix(key('a'));
      assert.deepEqual(await left(), ['b/1']);
      assert.equal((await backend.deletePrefix(key('none'))).deleted, 0);
      assert.deepEqual(await left(), ['b/1']);
    },
  },
  {
    number: 132,
    title: 'a delete by the empty prefix is refused without allowAll, before any request',
    run: async (context) => {
      const { backend, key, harness } = context;
      await harness.reset();
      await backend.save(key('a'), 'x');
      await backend.save(key('b/c'), 'x');
      for (const options of [{}, { allowAll: false }]) {
        await expectEarly(context, 'InvalidArgument', (watched) => watched.deletePrefix('', options));
      }
      await expectEarly(context, 'InvalidArgument', (watched) => watched.deletePrefix(undefined as never));
      assert.equal((await keysUnder(backend, '')).length, 2);
      assert.equal((await backend.deletePrefix('', { allowAll: true })).deleted, 2);
      assert.deepEqual(await keysUnder(backend, ''), []);
    },
  },
];

export const deletion: Area = defineArea({
  name: 'delete',
  title: 'G. Delete',
  cases: [...oneCases, ...manyCases].toSorted((a, b) => a.number - b.number),
});
