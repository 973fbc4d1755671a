import assert from 'node:assert/strict';
import type { SaveOptions } from '@storage/core';
import { isStorageError } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import { absent, expectCode, headOf, holds } from '../assertions.ts';
import { iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';

/** The requests that commit a save. */
const commits = ['put', 'multipart.complete'] as const;
const stale = '"00000000000000000000000000000000"';

/** Saves with a condition while the answer of the commit is lost, and asserts that it is reported as what it was. */
async function answerLost(context: CaseContext, name: string, condition: (etag: string) => SaveOptions): Promise<void> {
  const { backend, key, limits, makeFaulty } = context;
  const { partSize } = limits;
  const large = pattern(2 * partSize + 5, 179);
  const bodies = {
    bytes: () => utf8('won'),
    stream: () => webStream(utf8('won')),
    parts: () => webStream(large),
    replayable: () => () => iterable(large),
  };
  for (const [kind, body] of Object.entries(bodies)) {
    const where = key(`${name}-${kind}`);
    const options = condition(name === 'create' ? '' : (await backend.save(where, 'old')).etag);
    const lossy = await makeFaulty([{ on: commits, fault: { kind: 'lose-answer' } }]);
    const saved = await lossy.backend.save(where, body(), { ...options, partSize, metadata: { jobId: kind } });
    assert.equal(lossy.faults.fired, 1, kind);
    const info = await headOf(backend, where);
    assert.equal(saved.etag, info.etag, 'the result is that of the attempt that landed');
    assert.equal(saved.size, info.size);
    assert.deepEqual({ ...info.metadata }, { jobId: kind });
    await holds(backend, where, kind === 'bytes' || kind === 'stream' ? utf8('won') : large);
  }
}

export const lostAnswers: readonly ConformanceCase[] = [
  {
    number: 179,
    title: 'create-only whose answer was lost after the commit reports success, not AlreadyExists',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: (context) => answerLost(context, 'create', () => ({ ifAbsent: true })),
    refused: (context) => refusedBehindFaults(context, { ifAbsent: true }),
  },
  {
    number: 179,
    title: 'ifMatch whose answer was lost after the commit reports success, not PreconditionFailed',
    claims: ['ifMatchPut'],
    needs: (capabilities) => capabilities.ifMatchPut,
    run: (context) => answerLost(context, 'match', (etag) => ({ ifMatch: etag })),
    refused: (context) => refusedBehindFaults(context, { ifMatch: stale }),
  },
  {
    number: 179,
    title: 'a save without condition whose answer was lost is made again, where the body can be sent again',
    run: async ({ backend, key, makeFaulty, limits }) => {
      const { partSize } = limits;
      for (const size of [100, 2 * partSize + 5]) {
        const bytes = pattern(size, 179);
        for (const body of [bytes, () => iterable(bytes)]) {
          const lossy = await makeFaulty([{ on: commits, fault: { kind: 'lose-answer' } }]);
          await lossy.backend.save(key(), body, { partSize, metadata: { a: 'b' } });
          assert.equal(lossy.faults.fired, 1);
          await holds(backend, key(), bytes);
          assert.deepEqual({ ...(await headOf(backend, key())).metadata }, { a: 'b' });
        }
      }
    },
  },
  {
    number: 179,
    title: 'a save of a stream whose answer was lost succeeds, or says that it is ambiguous; the object is whole',
    run: async ({ backend, key, makeFaulty, limits }) => {
      const { partSize } = limits;
      for (const size of [100, 2 * partSize + 5]) {
        const bytes = pattern(size, 179);
        const lossy = await makeFaulty([{ on: commits, fault: { kind: 'lose-answer' } }]);
        const outcome = await lossy.backend
          .save(key(), webStream(bytes), { partSize })
          .catch((error: unknown) => error);
        assert.equal(lossy.faults.fired, 1);
        if (isStorageError(outcome)) assert.equal(outcome.retryable, 'ambiguous');
        await holds(backend, key(), bytes);
      }
    },
  },
  {
    number: 179,
    title: 'when another writer came after a lost answer, the save is ambiguous, and theirs stays',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key, makeFaulty }) => {
      const others: Record<string, () => Promise<unknown>> = {
        overwritten: () => backend.save(key('overwritten'), 'theirs', { metadata: { who: 'they' } }),
      };
      for (const [name, meddle] of Object.entries(others)) {
        const rules: FaultRule[] = [
          { on: 'put', fault: { kind: 'lose-answer' } },
          { on: 'put', fault: { kind: 'before', run: meddle } },
        ];
        const lossy = await makeFaulty(rules);
        const error = await expectCode(
          lossy.backend.save(key(name), 'mine', { ifAbsent: true }),
          'AlreadyExists',
          'PreconditionFailed',
          'Unavailable',
          'Conflict',
        );
        assert.equal(error.retryable, 'ambiguous', `${name}: ${error.code}`);
        assert.equal(lossy.faults.fired, 2);
        await holds(backend, key(name), utf8('theirs'));
      }
    },
    refused: (context) => refusedBehindFaults(context, { ifAbsent: true }),
  },
  {
    number: 179,
    title: 'a request that never arrived is made again, and a key that was taken before stays AlreadyExists',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key('taken'), 'theirs');
      const refused = await makeFaulty([{ on: 'put', fault: { kind: 'fail-before' } }]);
      const error = await expectCode(refused.backend.save(key('taken'), 'mine', { ifAbsent: true }), 'AlreadyExists');
      assert.equal(error.retryable, 'no');
      await holds(backend, key('taken'), utf8('theirs'));
      const again = await makeFaulty([{ on: 'put', fault: { kind: 'fail-before' } }]);
      await again.backend.save(key('free'), 'mine', { ifAbsent: true });
      await holds(backend, key('free'), utf8('mine'));
      assert.equal(refused.faults.fired + again.faults.fired, 2);
    },
    refused: (context) => refusedBehindFaults(context, { ifAbsent: true }),
  },
  {
    number: 179,
    title: 'a conditional delete whose answer was lost is ambiguous when it finds nothing',
    claims: ['ifMatchDelete'],
    needs: (capabilities) => capabilities.ifMatchDelete,
    run: async ({ backend, key, makeFaulty }) => {
      const { etag } = await backend.save(key(), 'x');
      const lossy = await makeFaulty([{ on: 'remove', fault: { kind: 'lose-answer' } }]);
      const error = await expectCode(
        lossy.backend.delete(key(), { ifMatch: etag }),
        'PreconditionFailed',
        'NotFound',
        'Unavailable',
      );
      assert.equal(error.retryable, 'ambiguous');
      assert.equal(lossy.faults.fired, 1);
      await absent(backend, key());
    },
    refused: async (context) => {
      const { backend, key, makeFaulty } = context;
      const { etag } = await backend.save(key(), 'x');
      const lossy = await makeFaulty([{ on: 'remove', fault: { kind: 'lose-answer' } }]);
      await expectCode(lossy.backend.delete(key(), { ifMatch: etag }), 'Unsupported');
      await holds(backend, key(), utf8('x'));
    },
  },
  {
    number: 179,
    title: 'a mustExist delete whose answer was lost is ambiguous when it finds nothing',
    claims: ['mustExistDelete'],
    needs: (capabilities) => capabilities.mustExistDelete,
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key(), 'x');
      const lossy = await makeFaulty([{ on: 'remove', fault: { kind: 'lose-answer' } }]);
      const error = await expectCode(lossy.backend.delete(key(), { mustExist: true }), 'NotFound', 'Unavailable');
      assert.equal(error.retryable, 'ambiguous');
      assert.equal(lossy.faults.fired, 1);
    },
    refused: async ({ backend, key, makeFaulty }) => {
      await backend.save(key(), 'x');
      const lossy = await makeFaulty([{ on: 'remove', fault: { kind: 'lose-answer' } }]);
      await expectCode(lossy.backend.delete(key(), { mustExist: true }), 'Unsupported');
      await holds(backend, key(), utf8('x'));
    },
  },
  {
    number: 179,
    title: 'a plain delete whose answer was lost is made again, and does not claim to know whether it was there',
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key(), 'x');
      const lossy = await makeFaulty([{ on: 'remove', fault: { kind: 'lose-answer' } }]);
      const { existed } = await lossy.backend.delete(key());
      assert.equal(existed, undefined);
      assert.equal(lossy.faults.fired, 1);
      await absent(backend, key());
    },
  },
  {
    number: 180,
    title: 'a conflict in which nothing landed is made again, or stays Conflict: never AlreadyExists',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    timeoutMs: 60_000,
    run: async ({ backend, key, makeFaulty }) => {
      const error = (): DriverFault =>
        new DriverFault('Conflict', 'injected: another request is in the way', { retryable: 'safe' });
      const once = await makeFaulty([{ on: commits, fault: { kind: 'fail-before', error } }]);
      await once.backend.save(key('once'), 'mine', { ifAbsent: true });
      await holds(backend, key('once'), utf8('mine'));
      assert.equal(once.faults.fired, 1);
      const always = await makeFaulty([{ on: commits, times: 1000, fault: { kind: 'fail-before', error } }]);
      const refusal = await expectCode(always.backend.save(key('always'), 'mine', { ifAbsent: true }), 'Conflict');
      assert.equal(refusal.retryable, 'safe');
      assert.ok(always.faults.fired > 1 && always.faults.fired < 20);
      await absent(backend, key('always'));
    },
    refused: (context) => refusedBehindFaults(context, { ifAbsent: true }),
  },
];

/** A condition that is not claimed is refused before it could meet a fault. */
async function refusedBehindFaults({ backend, key, makeFaulty }: CaseContext, options: SaveOptions): Promise<void> {
  await backend.save(key(), 'old');
  const lossy = await makeFaulty([{ on: commits, times: 1000, fault: { kind: 'lose-answer' } }]);
  await expectCode(lossy.backend.save(key(), 'new', options), 'Unsupported');
  assert.deepEqual(lossy.faults.calls, []);
  await holds(backend, key(), utf8('old'));
}
