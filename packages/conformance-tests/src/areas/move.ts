import assert from 'node:assert/strict';
import { absent, expectCode, headOf, holds, keysUnder, unchanged } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { failureOf } from '../failures.ts';
import { copyCase, sameObject, saveFull } from './copy-case.ts';

const move = copyCase({
  number: 149,
  title: 'a move takes bytes, headers and metadata along; the source is gone, and a missing one is NotFound',
  claims: ['atomicMove'],
  run: async (context) => {
    const { backend } = context;
    const [source, copy, moved] = [context.key('source'), context.key('copy'), context.key('moved')];
    await saveFull(context, source, pattern(1234));
    await backend.copy(source, copy);
    const result = await backend.move(source, moved);
    assert.equal(result.key, moved);
    assert.equal(result.etag, (await headOf(backend, moved)).etag);
    await sameObject(context, copy, moved);
    await absent(backend, source);
    await unchanged(backend, moved, () => expectCode(backend.move(source, moved), 'NotFound'));
  },
});

const inOneStep: ConformanceCase = {
  number: 149,
  letter: 'a',
  title:
    'a move is one request where it is claimed to be atomic, else a copy and then a delete, or refused as copies are',
  claims: ['atomicMove'],
  run: async (context) => {
    const [source, moved] = [context.key('source'), context.key('moved')];
    const { copy, atomicMove } = context.capabilities;
    await context.backend.save(source, 'text');
    const { backend, faults } = await context.makeFaulty([]);
    if (!copy) {
      assert.equal(atomicMove, false, 'what cannot copy cannot move');
      await expectCode(backend.move(source, moved), 'Unsupported');
      assert.deepEqual(faults.calls, []);
      return holds(context.backend, source, utf8('text'));
    }
    await backend.move(source, moved);
    const writes = faults.calls.map((call) => call.operation).filter((operation) => operation !== 'head');
    assert.deepEqual(writes, atomicMove ? ['move'] : ['copy', 'remove']);
  },
};

const moveOver = copyCase({
  number: 150,
  title: 'a move over an existing object replaces it',
  run: async (context) => {
    const { backend } = context;
    const [source, moved] = [context.key('source'), context.key('moved')];
    await backend.save(source, pattern(10, 1), { metadata: { fresh: 'yes' } });
    await saveFull(context, moved, pattern(5000, 2));
    await backend.move(source, moved);
    await holds(backend, moved, pattern(10, 1));
    const info = await headOf(backend, moved);
    assert.deepEqual(info.metadata, { fresh: 'yes' });
    assert.equal(info.cacheControl, undefined);
    assert.deepEqual(await keysUnder(backend, context.prefix), [moved]);
  },
});

const moveIfAbsent = copyCase({
  number: 150,
  letter: 'a',
  title: 'move with ifAbsent leaves both as they were where the destination exists',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend } = context;
    const [source, taken, free] = [context.key('source'), context.key('taken'), context.key('free')];
    await saveFull(context, source, pattern(10, 1));
    await backend.save(taken, 'taken');
    await unchanged(backend, source, () =>
      unchanged(backend, taken, () => expectCode(backend.move(source, taken, { ifAbsent: true }), 'AlreadyExists')),
    );
    await backend.move(source, free, { ifAbsent: true });
    await holds(backend, free, pattern(10, 1));
    await absent(backend, source);
  },
});

const moveToItself = copyCase({
  number: 150,
  letter: 'b',
  title: 'moving a key onto itself keeps the object',
  run: async (context) => {
    const key = context.key();
    await saveFull(context, key, pattern(77));
    await unchanged(context.backend, key, () => context.backend.move(key, key));
    await holds(context.backend, key, pattern(77));
  },
});

const moveFails = copyCase({
  number: 151,
  title: 'a move that fails between copy and delete has lost nothing',
  claims: ['atomicMove'],
  run: async (context) => {
    const [source, moved] = [context.key('source'), context.key('moved')];
    await saveFull(context, source, pattern(640));
    const last = context.capabilities.atomicMove ? 'move' : 'remove';
    const { backend, faults } = await context.makeFaulty([
      { on: last, times: 1000, fault: { kind: 'fail-before', error: () => new Error('injected: denied') } },
    ]);
    const error = await unchanged(context.backend, source, () => expectCode(backend.move(source, moved), 'Unknown'));
    assert.ok(faults.fired >= 1, 'the last step failed');
    assert.equal(error.operation, 'move');
    await holds(context.backend, source, pattern(640));
    if (await context.backend.exists(moved)) await sameObject(context, source, moved);
  },
});

const moveAnswerLost = copyCase({
  number: 151,
  letter: 'a',
  title: 'a move whose answer was lost leaves the object at one of the two keys, whole',
  claims: ['atomicMove'],
  run: async (context) => {
    const [source, moved, copy] = [context.key('source'), context.key('moved'), context.key('copy')];
    await saveFull(context, source, pattern(640));
    await context.backend.copy(source, copy);
    const last = context.capabilities.atomicMove ? 'move' : 'remove';
    const { backend, faults } = await context.makeFaulty([{ on: last, fault: { kind: 'lose-answer' } }]);
    const failure = await failureOf(backend.move(source, moved), 'NotFound', 'Unavailable', 'PreconditionFailed');
    assert.equal(faults.fired, 1);
    if (failure !== undefined)
      assert.equal(failure.retryable, 'ambiguous', 'a failure after a lost answer is ambiguous');
    await sameObject(context, copy, moved);
    await absent(context.backend, source);
  },
});

/** Moves. */
export const moves: readonly ConformanceCase[] = [
  move,
  inOneStep,
  moveOver,
  moveIfAbsent,
  moveToItself,
  moveFails,
  moveAnswerLost,
];
