import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { absent, eventually, expectCode, headOf, holds, unchanged } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { failureOf, winnersOf } from '../failures.ts';
import { copyCase, sameObject, saveFull } from './copy-case.ts';

const ifAbsent = copyCase({
  number: 143,
  title: 'copy with ifAbsent makes a new object and leaves an existing one as it was',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    await saveFull(context, source, pattern(200, 1));
    await backend.copy(source, copy, { ifAbsent: true });
    await sameObject(context, source, copy);
    await backend.save(source, pattern(300, 2));
    await unchanged(backend, copy, () => expectCode(backend.copy(source, copy, { ifAbsent: true }), 'AlreadyExists'));
  },
});

const ifAbsentRace = copyCase({
  number: 143,
  letter: 'a',
  title: 'of many concurrent copies with ifAbsent exactly one succeeds, and its bytes are there',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const backends = [context.backend, await context.make()];
    const copy = context.key('copy');
    const sources = Array.from({ length: 8 }, (_, index) => context.key(`source-${index}`));
    for (const [index, source] of sources.entries()) await context.backend.save(source, pattern(500, index));
    for (let round = 0; round < count(5, 100); round += 1) {
      const copies = sources.map((source, index) =>
        (backends[index % 2] as StorageBackend).copy(source, copy, { ifAbsent: true }),
      );
      const winners = winnersOf(await Promise.allSettled(copies), 'AlreadyExists');
      assert.equal(winners.length, 1, 'one copy succeeds');
      await holds(context.backend, copy, pattern(500, winners[0]));
      await context.backend.delete(copy);
    }
  },
});

const ifAbsentLost = copyCase({
  number: 143,
  letter: 'b',
  title: 'a conditional copy whose answer was lost does not report its own work as a failure',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([{ on: 'copy', fault: { kind: 'lose-answer' } }]);
    const [source, copy] = [context.key('source'), context.key('copy')];
    await backend.save(source, pattern(300));
    const result = await backend.copy(source, copy, { ifAbsent: true });
    assert.equal(faults.fired, 1, 'the answer was lost');
    assert.equal(result.etag, (await headOf(context.backend, copy)).etag);
    await holds(context.backend, copy, pattern(300));
  },
});

const sourceIfMatch = copyCase({
  number: 144,
  title: 'copy with sourceIfMatch copies that revision only',
  needs: 'sourceIfMatchCopy',
  option: { sourceIfMatch: '"etag"' },
  run: async (context) => {
    const { backend } = context;
    const [source, copy, old] = [context.key('source'), context.key('copy'), context.key('old')];
    const { etag: stale } = await backend.save(source, pattern(200, 1));
    const { etag: current } = await backend.save(source, pattern(200, 2));
    await backend.save(old, 'old');
    await expectCode(backend.copy(source, copy, { sourceIfMatch: stale }), 'PreconditionFailed');
    await absent(backend, copy);
    await unchanged(backend, old, () =>
      expectCode(backend.copy(source, old, { sourceIfMatch: stale }), 'PreconditionFailed'),
    );
    await backend.copy(source, copy, { sourceIfMatch: current });
    await holds(backend, copy, pattern(200, 2));
  },
});

const sourceChanges = copyCase({
  number: 144,
  letter: 'a',
  title: 'a source that changes just before the copy fails sourceIfMatch',
  needs: 'sourceIfMatchCopy',
  option: { sourceIfMatch: '"etag"' },
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    const { etag } = await context.backend.save(source, pattern(200, 1));
    const run = (): Promise<unknown> => context.backend.save(source, pattern(200, 2));
    const { backend, faults } = await context.makeFaulty([{ on: 'copy', fault: { kind: 'before', run } }]);
    await expectCode(backend.copy(source, copy, { sourceIfMatch: etag }), 'PreconditionFailed');
    assert.equal(faults.fired, 1, 'the source changed in between');
    await absent(backend, copy);
  },
});

const destinationIfMatch = copyCase({
  number: 144,
  letter: 'b',
  title: 'copy with ifMatch replaces that revision of the destination only',
  needs: 'ifMatchCopy',
  option: { ifMatch: '"etag"' },
  run: async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    await backend.save(source, pattern(200, 9));
    const { etag: stale } = await backend.save(copy, pattern(100, 1));
    const { etag: current } = await backend.save(copy, pattern(100, 2));
    await unchanged(backend, copy, () =>
      expectCode(backend.copy(source, copy, { ifMatch: stale }), 'PreconditionFailed'),
    );
    await expectCode(backend.copy(source, context.key('none'), { ifMatch: current }), 'PreconditionFailed');
    await absent(backend, context.key('none'));
    await backend.copy(source, copy, { ifMatch: current });
    await holds(backend, copy, pattern(200, 9));
  },
});

const aborted = copyCase({
  number: 147,
  title: 'an aborted copy leaves the destination absent, as it was, or complete',
  run: async (context) => {
    const [source, copy, old] = [context.key('source'), context.key('copy'), context.key('old')];
    await saveFull(context, source, pattern(900, 1));
    await saveFull(context, old, pattern(700, 2));
    const controller = new AbortController();
    const reason = new Error('enough');
    const slow = await context.makeFaulty([{ on: 'copy', times: 2, fault: { kind: 'delay', ms: 20_000 } }]);
    const { signal } = controller;
    let began = 0;
    // Both must be at work: how long they take to get there is the service's affair.
    const abort = async (): Promise<void> => {
      await eventually(() => slow.faults.fired === 2, 'both copies are asked for');
      began = performance.now();
      controller.abort(reason);
    };
    const [first] = await Promise.all([
      expectCode(slow.backend.copy(source, copy, { signal }), 'Aborted'),
      unchanged(context.backend, old, () => expectCode(slow.backend.copy(source, old, { signal }), 'Aborted')),
      abort(),
    ]);
    assert.equal(first.cause, reason);
    assert.ok(performance.now() - began < 5000, 'rejects promptly');
    assert.equal(slow.faults.fired, 2);
    await absent(context.backend, copy);
  },
});

const abortedLate = copyCase({
  number: 147,
  letter: 'a',
  title: 'a copy that is aborted after it was committed rejects as ambiguous, and the destination is complete',
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    await saveFull(context, source, pattern(900, 1));
    const controller = new AbortController();
    const late = await context.makeFaulty([
      { on: 'copy', fault: { kind: 'after', run: async () => controller.abort() } },
    ]);
    const failure = await failureOf(late.backend.copy(source, copy, { signal: controller.signal }), 'Aborted');
    assert.equal(late.faults.fired, 1);
    if (failure !== undefined) assert.equal(failure.retryable, 'ambiguous', 'what may have been applied is said to be');
    await sameObject(context, source, copy);
  },
});

/** Conditions of copies, and copies that are ended early. */
export const copyConditions: readonly ConformanceCase[] = [
  ifAbsent,
  ifAbsentRace,
  ifAbsentLost,
  sourceIfMatch,
  sourceChanges,
  destinationIfMatch,
  aborted,
  abortedLate,
];
