import assert from 'node:assert/strict';
import { isStorageError } from '@storage/core';
import { absent, eventually, expectCode, headOf, holds, rejectionOf, unchanged } from '../assertions.ts';
import { concatenate, failingBody, iterable, pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { failureOf } from '../failures.ts';
import { partOf, partsCase, sendParts } from './multipart-case.ts';

const aborts = partsCase({
  number: 187,
  title: 'an upload is aborted with or without parts, twice too, and cannot be completed then',
  claims: ['multipart.abort'],
  run: async (context) => {
    const { backend } = context;
    const [fresh, old] = [context.key('fresh'), context.key('old')];
    await backend.save(old, 'old');
    const empty = await backend.createUpload(fresh);
    await empty.abort();
    await empty.abort();
    await expectCode(empty.complete(), 'NotFound');
    const begun = await backend.createUpload(old);
    await sendParts(context, begun, [1, 2]);
    await unchanged(backend, old, async () => {
      await begun.abort();
      await begun.abort();
      await expectCode(begun.complete(), 'NotFound');
      await expectCode(begun.putPart(3, partOf(context, 3)), 'NotFound');
      await expectCode(begun.parts(), 'NotFound');
    });
    await absent(backend, fresh);
  },
});

const abortElsewhere = partsCase({
  number: 187,
  letter: 'a',
  title: 'where an abort is immediate, nobody who holds the token can complete the upload any more',
  claims: ['multipart.abort'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key);
    await sendParts(context, upload, [1]);
    const other = await (await context.make()).resumeUpload(upload.toToken());
    await upload.abort();
    if (claim.abort === 'expires') {
      await expectCode(upload.complete(), 'NotFound');
      return;
    }
    await expectCode(other.complete(), 'NotFound');
    await expectCode(other.putPart(2, partOf(context, 2)), 'NotFound');
    await absent(backend, key);
  },
});

const completeTwice = partsCase({
  number: 188,
  title: 'complete called again resolves with the same result, and the object stays',
  run: async (context) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key);
    await sendParts(context, upload, [1, 2]);
    const [first, concurrent] = await Promise.all([upload.complete(), upload.complete()]);
    assert.deepEqual(concurrent, first);
    assert.deepEqual(await unchanged(backend, key, () => upload.complete()), first);
    await unchanged(backend, key, () => upload.abort());
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
    await expectCode(upload.putPart(3, partOf(context, 3)), 'NotFound');
  },
});

const completeLost = partsCase({
  number: 188,
  letter: 'a',
  title: 'a complete whose answer was lost is a success, conditional or not',
  claims: ['multipart.conditionalComplete'],
  run: async (context, claim) => {
    for (const options of [{}, ...(claim.conditionalComplete ? [{ ifAbsent: true }] : [])]) {
      const key = context.key(`key-${Object.keys(options).length}`);
      const { backend, faults } = await context.makeFaulty([
        { on: 'multipart.complete', fault: { kind: 'lose-answer' } },
      ]);
      const upload = await backend.createUpload(key, options);
      await sendParts(context, upload, [1, 2]);
      const result = await upload.complete();
      assert.equal(faults.fired, 1, 'the answer was lost');
      assert.equal(result.etag, (await headOf(context.backend, key)).etag);
      await holds(context.backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
    }
  },
});

const completeResumed = partsCase({
  number: 188,
  letter: 'b',
  title: 'an upload that another holder has completed is complete for this one too, with the same result',
  run: async (context) => {
    const key = context.key();
    const upload = await context.backend.createUpload(key);
    await sendParts(context, upload, [1]);
    const other = await (await context.make()).resumeUpload(upload.toToken());
    const first = await upload.complete();
    const second = await unchanged(context.backend, key, () => other.complete());
    assert.deepEqual([second.etag, second.size, second.versionId], [first.etag, first.size, first.versionId]);
  },
});

const interleaved = partsCase({
  number: 192,
  title: 'of two uploads of one key the one wins that is declared to, and no parts are mixed',
  claims: ['multipart.concurrent'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    const bodies = [pattern(context.limits.partSize, 11), pattern(context.limits.partSize, 12)] as const;
    const first = await backend.createUpload(key, { metadata: { who: 'first' } });
    const second = await (await context.make()).createUpload(key, { metadata: { who: 'second' } });
    assert.notEqual(first.toToken(), second.toToken());
    await first.putPart(1, bodies[0]);
    await second.putPart(1, bodies[1]);
    await first.putPart(2, utf8('first'));
    await second.putPart(2, utf8('second'));
    await first.complete();
    const ofFirst = concatenate([bodies[0], utf8('first')]);
    await holds(backend, key, ofFirst);
    if (claim.concurrent === 'last-complete-wins') {
      await second.complete();
      await holds(backend, key, concatenate([bodies[1], utf8('second')]));
      assert.deepEqual((await headOf(backend, key)).metadata, { who: 'second' });
      return;
    }
    const error = await unchanged(backend, key, () => expectCode(second.complete(), 'Conflict'));
    assert.ok(isStorageError(error));
  },
});

const putMeanwhile = partsCase({
  number: 193,
  title: 'a save while an upload is open is visible, and completing the upload then replaces it or changes nothing',
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key, { metadata: { who: 'upload' } });
    await sendParts(context, upload, [1, 2]);
    await backend.save(key, 'saved meanwhile', { metadata: { who: 'save' } });
    await holds(backend, key, utf8('saved meanwhile'));
    const failure = await failureOf(upload.complete(), 'Conflict', 'NotFound', 'InvalidArgument');
    if (claim.concurrent === 'last-complete-wins') assert.equal(failure, undefined, 'the last to complete wins');
    const { metadata } = await headOf(backend, key);
    if (failure !== undefined) {
      assert.deepEqual(metadata, { who: 'save' });
      return holds(backend, key, utf8('saved meanwhile'));
    }
    assert.deepEqual(metadata, { who: 'upload' });
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
  },
});

const failureAborts = partsCase({
  number: 197,
  title: 'a part that fails for good, or a source that throws later, ends the upload and leaves nothing',
  uses: ['listLeftovers'],
  claims: ['multipart.abort'],
  run: async (context, claim) => {
    const { partSize } = context.limits;
    const bytes = pattern(4 * partSize);
    const key = context.key();
    const { backend, faults } = await context.makeFaulty([
      {
        on: 'multipart.putPart',
        skip: 1,
        times: 1000,
        fault: { kind: 'fail-before', error: () => new Error('injected') },
      },
      { on: 'put', times: 1000, fault: { kind: 'fail-before', error: () => new Error('injected') } },
    ]);
    await rejectionOf(backend.save(key, iterable(bytes), { partSize }));
    assert.ok(faults.fired >= 1, 'a part failed');
    await rejectionOf(context.backend.save(key, failingBody(bytes, new Error('source')), { partSize }));
    await absent(context.backend, key);
    if (claim.abort === 'expires') return;
    const left = async (): Promise<number> => (await context.harness.listLeftovers?.(key))?.length ?? 0;
    await eventually(async () => (await left()) === 0, 'nothing is left');
  },
});

/** How uploads end: completed, aborted, lost, overtaken. */
export const endCases: readonly ConformanceCase[] = [
  aborts,
  abortElsewhere,
  completeTwice,
  completeLost,
  completeResumed,
  interleaved,
  putMeanwhile,
  failureAborts,
];
