import assert from 'node:assert/strict';
import { absent, expectEarly, keysUnder } from '../assertions.ts';
import type { ConformanceCase } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';
import { weirdNames } from '../keys.ts';
import { inParallel } from '../parallel.ts';

export const deleteMany: readonly ConformanceCase[] = [
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
