import assert from 'node:assert/strict';
import type { CleanupOptions, MultipartCapability, UploadSession } from '@storage/core';
import { isStorageError } from '@storage/core';
import type { PartReceipt } from '@storage/core/driver';
import {
  absent,
  eventually,
  expectCode,
  expectRefused,
  headOf,
  holds,
  keysUnder,
  read,
  rejectionOf,
  sameBytes,
  unchanged,
} from '../assertions.ts';
import { concatenate, failingBody, iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { Area, CaseContext, Claim, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import type { HarnessExtra } from '../harness.ts';
import { storedAttributes } from '../stored.ts';
import { pause } from '../timing.ts';

/** A case of uploads in parts; where they are not claimed, it shows the refusal. */
function partsCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly uses?: readonly HarnessExtra[];
  readonly run: (context: CaseContext, claim: MultipartCapability) => Promise<void>;
}): ConformanceCase {
  const { claims = [], run, ...rest } = item;
  return {
    ...rest,
    claims: ['multipart', ...claims],
    needs: ({ multipart }) => multipart !== false,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.createUpload(context.key()));
      await expectRefused(context, context.key(), (backend) => backend.resumeUpload('token'));
    },
    run: (context) => run(context, context.capabilities.multipart as MultipartCapability),
  };
}

/** Bytes of part `partNumber`: as large as the service wants them, and unlike any other part. */
function partOf({ limits }: CaseContext, partNumber: number): Uint8Array {
  return pattern(limits.partSize + partNumber, partNumber);
}

/** Sends parts with these numbers, in this order. */
async function sendParts(
  context: CaseContext,
  upload: UploadSession,
  numbers: readonly number[],
): Promise<PartReceipt[]> {
  const receipts: PartReceipt[] = [];
  for (const number of numbers) receipts.push(await upload.putPart(number, partOf(context, number)));
  return receipts;
}

const outOfOrder = partsCase({
  number: 183,
  title: 'parts that were sent in any order, with gaps in their numbers, are put together by their numbers',
  run: async (context) => {
    const orders = [
      [1, 2, 3],
      [3, 1, 2],
      [7, 2, 40],
    ];
    for (const [index, numbers] of orders.entries()) {
      const key = context.key(`order-${index}`);
      const upload = await context.backend.createUpload(key);
      await sendParts(context, upload, numbers);
      await upload.complete();
      const sorted = numbers.toSorted((a, b) => a - b);
      await holds(context.backend, key, concatenate(sorted.map((number) => partOf(context, number))));
    }
  },
});

const parallelParts = partsCase({
  number: 183,
  letter: 'a',
  title: 'parts of every kind of body are sent in parallel',
  run: async (context) => {
    const upload = await context.backend.createUpload(context.key());
    const [one, two, three, four] = [1, 2, 3, 4].map((number) => partOf(context, number)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    await Promise.all([
      upload.putPart(4, new Blob([four as Uint8Array<ArrayBuffer>])),
      upload.putPart(2, iterable(two)),
      upload.putPart(1, one),
      upload.putPart(3, webStream(three), { size: three.byteLength }),
    ]);
    const parts = await upload.parts();
    assert.deepEqual(
      parts.map((part) => part.partNumber),
      [1, 2, 3, 4],
    );
    assert.deepEqual(
      parts.map((part) => part.size),
      [one, two, three, four].map((part) => part.byteLength),
    );
    await upload.complete();
    await holds(context.backend, context.key(), concatenate([one, two, three, four]));
  },
});

const invisible = partsCase({
  number: 184,
  title: 'nothing of an upload is visible before it is complete',
  run: async (context) => {
    const { backend } = context;
    const [fresh, old] = [context.key('deep/fresh'), context.key('old')];
    await backend.save(old, 'old', { metadata: { a: '1' } });
    const uploads = [await backend.createUpload(fresh), await backend.createUpload(old)];
    await unchanged(backend, old, async () => {
      for (const upload of uploads) await sendParts(context, upload, [1, 2]);
    });
    await absent(backend, fresh);
    assert.deepEqual(await keysUnder(backend, context.prefix), [old]);
    const page = await backend.listPage({ prefix: context.prefix, delimiter: '/' });
    assert.deepEqual([page.entries.map((entry) => entry.key), page.prefixes], [[old], []]);
    for (const upload of uploads) await upload.complete();
    assert.deepEqual(await keysUnder(backend, context.prefix), [fresh, old]);
  },
});

const concatenated = partsCase({
  number: 185,
  title: 'complete makes exactly the parts one after the other, and tells size and etag as head does',
  claims: ['multipart.minPartSize'],
  run: async (context) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key);
    const last = pattern(1, 99);
    await sendParts(context, upload, [1, 2]);
    await upload.putPart(3, last);
    const result = await upload.complete();
    const expected = concatenate([partOf(context, 1), partOf(context, 2), last]);
    await holds(backend, key, expected);
    const info = await headOf(backend, key);
    assert.equal(result.key, key);
    assert.equal(result.size, expected.byteLength);
    assert.equal(result.etag, info.etag);
    assert.equal(result.versionId, info.versionId);
    const file = await backend.retrieve(key, { range: { start: context.limits.partSize - 3, length: 10 } });
    sameBytes(await file.bytes(), expected.subarray(context.limits.partSize - 3, context.limits.partSize + 7), 'range');
  },
});

const noParts = partsCase({
  number: 186,
  title: 'an upload without parts, and an empty stream, make an empty object',
  run: async (context) => {
    const { backend } = context;
    const upload = await backend.createUpload(context.key('session'), { metadata: { a: '1' } });
    const outcome = await upload.complete().catch((error: unknown) => error);
    if (outcome instanceof Error) {
      await expectCode(Promise.reject(outcome), 'InvalidArgument');
      await absent(backend, context.key('session'));
      await upload.abort();
    } else {
      await holds(backend, context.key('session'), new Uint8Array(0));
      assert.deepEqual((await headOf(backend, context.key('session'))).metadata, { a: '1' });
    }
    await backend.save(context.key('stream'), iterable(new Uint8Array(0)), { partSize: context.limits.partSize });
    await holds(backend, context.key('stream'), new Uint8Array(0));
  },
});

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
    await expectCode(empty.complete(), 'NotFound', 'InvalidArgument');
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
    await expectCode(other.complete(), 'NotFound', 'InvalidArgument');
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
  title: 'an upload that another holder has completed is complete for this one too, or gone, and the object stays',
  run: async (context) => {
    const key = context.key();
    const upload = await context.backend.createUpload(key);
    await sendParts(context, upload, [1]);
    const other = await (await context.make()).resumeUpload(upload.toToken());
    await upload.complete();
    await unchanged(context.backend, key, async () => {
      const outcome = await other.complete().catch((error: unknown) => error);
      if (outcome instanceof Error)
        await expectCode(Promise.reject(outcome), 'NotFound', 'InvalidArgument', 'Conflict');
    });
  },
});

const wrongParts = partsCase({
  number: 189,
  title: 'a part that is missing, or not as its receipt says, is refused, and the old object stays',
  run: async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'old', storedAttributes);
    const upload = await backend.createUpload(key);
    const [first, second] = (await sendParts(context, upload, [1, 2])) as [PartReceipt, PartReceipt];
    const wrong: readonly (readonly PartReceipt[])[] = [
      [first, { ...second, partNumber: 3 }],
      [first, second, { ...second, partNumber: 9, etag: second.etag }],
      [first, { ...second, etag: first.etag.replace(/[0-9a-f]/, (digit) => (digit === '0' ? '1' : '0')) }],
    ];
    for (const parts of wrong) {
      await unchanged(backend, key, () => expectCode(upload.complete({ parts }), 'InvalidArgument'));
    }
    await upload.complete({ parts: [second, first] });
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
  },
});

const someParts = partsCase({
  number: 189,
  letter: 'a',
  title: 'complete takes the parts that it is given and leaves the others out',
  run: async (context) => {
    const key = context.key();
    const upload = await context.backend.createUpload(key);
    const [first, , third] = (await sendParts(context, upload, [1, 2, 3])) as [PartReceipt, PartReceipt, PartReceipt];
    await upload.complete({ parts: [first, third] });
    await holds(context.backend, key, concatenate([partOf(context, 1), partOf(context, 3)]));
  },
});

const reupload = partsCase({
  number: 190,
  title: 'a part that is sent again replaces the one before',
  run: async (context) => {
    const key = context.key();
    const upload = await context.backend.createUpload(key);
    await upload.putPart(1, pattern(context.limits.partSize + 50, 77));
    await sendParts(context, upload, [2, 1]);
    assert.deepEqual(
      (await upload.parts()).map((part) => [part.partNumber, part.size]),
      [
        [1, partOf(context, 1).byteLength],
        [2, partOf(context, 2).byteLength],
      ],
    );
    await upload.complete();
    await holds(context.backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
  },
});

const undersized = partsCase({
  number: 191,
  title:
    'a part below the smallest size that is not the last is refused clearly; where there is no such size it is taken',
  claims: ['multipart.minPartSize'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key);
    await upload.putPart(1, utf8('s'));
    await upload.putPart(2, partOf(context, 2));
    if (claim.minPartSize <= 1) {
      await upload.complete();
      return holds(backend, key, concatenate([utf8('s'), partOf(context, 2)]));
    }
    const error = await expectCode(upload.complete(), 'InvalidArgument');
    assert.match(error.message, /part|small/i);
    await absent(backend, key);
    await upload.abort();
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
  run: async (context) => {
    const { backend } = context;
    const key = context.key();
    const upload = await backend.createUpload(key, { metadata: { who: 'upload' } });
    await sendParts(context, upload, [1, 2]);
    await backend.save(key, 'saved meanwhile', { metadata: { who: 'save' } });
    await holds(backend, key, utf8('saved meanwhile'));
    const outcome = await upload.complete().catch((error: unknown) => error);
    const { metadata } = await headOf(backend, key);
    if (outcome instanceof Error) {
      await expectCode(Promise.reject(outcome), 'Conflict', 'NotFound', 'InvalidArgument');
      assert.deepEqual(metadata, { who: 'save' });
      return holds(backend, key, utf8('saved meanwhile'));
    }
    assert.deepEqual(metadata, { who: 'upload' });
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
  },
});

const attributes = partsCase({
  number: 194,
  title: 'headers, metadata and tags that were given when the upload began are those of the object',
  run: async (context) => {
    const { backend, capabilities } = context;
    const key = context.key();
    await backend.save(key, 'old', { metadata: { old: 'yes' }, cacheControl: 'no-store' });
    const tags = { colour: 'blue' };
    const upload = await backend.createUpload(key, { ...storedAttributes, ...(capabilities.tags ? { tags } : {}) });
    await sendParts(context, upload, [1, 2]);
    const result = await upload.complete();
    const info = await headOf(backend, key);
    const { metadata, ...headers } = storedAttributes;
    assert.deepEqual(info.metadata, metadata);
    assert.deepEqual(result.metadata, metadata);
    for (const [name, value] of Object.entries(headers)) assert.equal(info[name as keyof typeof headers], value, name);
    if (capabilities.tags) assert.deepEqual(await backend.getTags(key), tags);
  },
});

const conditions = partsCase({
  number: 194,
  letter: 'a',
  title: 'the condition of an upload is enforced when it completes, or refused when it begins',
  claims: ['multipart.conditionalComplete'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    if (!claim.conditionalComplete) {
      await expectCode(backend.createUpload(key, { ifAbsent: true }), 'Unsupported');
      return;
    }
    const create = await backend.createUpload(key, { ifAbsent: true });
    await sendParts(context, create, [1, 2]);
    const { etag } = await backend.save(key, 'somebody was faster');
    await unchanged(backend, key, () => expectCode(create.complete(), 'AlreadyExists'));

    const replace = await backend.createUpload(key, { ifMatch: etag });
    await sendParts(context, replace, [1, 2]);
    await replace.complete();
    const late = await backend.createUpload(key, { ifMatch: etag });
    await sendParts(context, late, [1]);
    await unchanged(backend, key, () => expectCode(late.complete(), 'PreconditionFailed'));
    for (const upload of [create, late]) await upload.abort();
  },
});

const resumed = partsCase({
  number: 195,
  title: 'an upload goes on in another instance by its token, which survives JSON and holds no secret',
  run: async (context) => {
    const { backend, harness } = context;
    const key = context.key();
    const upload = await backend.createUpload(key, { metadata: { a: 'ü' } });
    await sendParts(context, upload, [1]);
    const token = JSON.parse(JSON.stringify({ token: upload.toToken() })) as { token: string };
    for (const secret of harness.secrets ?? []) {
      assert.ok(!Buffer.from(token.token, 'base64').toString('latin1').includes(secret), 'the token holds no secret');
    }
    const other = await context.make();
    const resumedUpload = await other.resumeUpload(token.token);
    assert.equal(resumedUpload.key, key);
    assert.deepEqual(
      (await resumedUpload.parts()).map((part) => part.partNumber),
      [1],
    );
    await sendParts(context, resumedUpload, [2]);
    await resumedUpload.complete();
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
    assert.deepEqual((await headOf(backend, key)).metadata, { a: 'ü' });
  },
});

const badTokens = partsCase({
  number: 195,
  letter: 'a',
  title: 'a token that is foreign or was altered is refused, and reaches no key that could not be written',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    const token = (await context.backend.createUpload(context.key())).toToken();
    const foreign: readonly unknown[] = [
      '',
      'foreign',
      'e30',
      undefined,
      null,
      7,
      {},
      `${token}!`,
      token.slice(0, -5),
      forge(token, { type: 'another' }),
    ];
    for (const given of foreign) await expectCode(backend.resumeUpload(given as string), 'InvalidArgument');
    assert.deepEqual(faults.calls, [], 'nothing is sent');
    for (const key of ['../out', '', 'a\u0000b', '/etc/passwd', 'a/../../b']) {
      const error = await rejectionOf(async () => (await backend.resumeUpload(forge(token, { key }))).putPart(1, 'x'));
      assert.ok(
        isStorageError(error) && ['InvalidArgument', 'InvalidKey'].includes(error.code),
        `${key}: ${String(error)}`,
      );
    }
    assert.deepEqual(faults.calls, [], 'nothing is sent for a key that could not be written');
  },
});

/** A token with members replaced, if it is readable; otherwise one that is no token. */
function forge(token: string, changes: Readonly<Record<string, string>>): string {
  try {
    const members = JSON.parse(Buffer.from(token, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...members, ...changes })).toString('base64url');
  } catch {
    return 'unreadable';
  }
}

const cleanup = partsCase({
  number: 196,
  title: 'cleanup removes uploads that were begun long ago and leaves younger ones',
  claims: ['multipart.listIncomplete'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    if (claim.listIncomplete === false) {
      await expectCode(backend.cleanup({ olderThan: '1h' }), 'Unsupported');
      await expectCode(backend.cleanup({ olderThan: '1h', key }), 'Unsupported');
      return;
    }
    if (claim.listIncomplete === 'by-key') await expectCode(backend.cleanup({ olderThan: '1h' }), 'Unsupported');
    const old = await backend.createUpload(key);
    await sendParts(context, old, [1]);
    await backend.save(context.key('other'), 'stays');
    // Services tell when an upload began to the second.
    await pause(2100);
    const young = await backend.createUpload(key);
    await sendParts(context, young, [1]);
    assert.equal((await backend.cleanup({ olderThan: '1h', key })).removed, 0);
    assert.equal((await backend.cleanup({ olderThan: 1000, key })).removed, 1);
    await expectCode(old.complete(), 'NotFound', 'InvalidArgument');
    await young.complete();
    await holds(backend, key, partOf(context, 1));
    await holds(backend, context.key('other'), utf8('stays'));
    assert.equal((await backend.cleanup({ olderThan: 1, key })).removed, 0, 'a complete upload is no leftover');
  },
});

const cleanupArguments = partsCase({
  number: 196,
  letter: 'a',
  title: 'cleanup without an age, or with a bad one, is refused before any request',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    const bad: readonly unknown[] = [
      {},
      undefined,
      { olderThan: -1 },
      { olderThan: 'soon' },
      { olderThan: Number.NaN },
    ];
    for (const options of bad) await expectCode(backend.cleanup(options as CleanupOptions), 'InvalidArgument');
    await expectCode(backend.cleanup({ olderThan: '1h', key: '' }), 'InvalidKey', 'Unsupported');
    assert.deepEqual(faults.calls, []);
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

const limits = partsCase({
  number: 191,
  letter: 'a',
  title: 'part numbers outside the limits and options of wrong types are refused before any request',
  claims: ['multipart.maxParts', 'multipart.maxPartSize'],
  run: async (context, claim) => {
    const { backend, faults } = await context.makeFaulty([]);
    const upload = await backend.createUpload(context.key());
    const sent = faults.calls.length;
    for (const number of [0, -1, 1.5, Number.NaN, claim.maxParts + 1, '1' as unknown as number]) {
      await expectCode(upload.putPart(number, 'x'), 'InvalidArgument');
    }
    if (claim.maxPartSize < Number.MAX_SAFE_INTEGER) {
      const body = iterable(utf8('x'));
      await expectCode(upload.putPart(1, body, { size: claim.maxPartSize + 1 }), 'InvalidArgument');
    }
    await expectCode(upload.putPart(1, 7 as unknown as string), 'InvalidArgument');
    await expectCode(backend.createUpload(context.key('a/../b')), 'InvalidKey');
    await expectCode(backend.createUpload(context.key('x'), { metadata: { 'no name': '1' } }), 'InvalidArgument');
    assert.equal(faults.calls.length, sent, 'nothing more is sent');
    await upload.abort();
  },
});

const partFailures = partsCase({
  number: 190,
  letter: 'a',
  title: 'a part whose body fails is not stored, and can be sent again',
  run: async (context) => {
    const key = context.key();
    const upload = await context.backend.createUpload(key);
    await sendParts(context, upload, [1]);
    await rejectionOf(upload.putPart(2, failingBody(pattern(1000), new Error('source'))));
    await expectCode(upload.putPart(2, iterable(pattern(10)), { size: 11 }), 'LengthMismatch');
    await expectCode(
      upload.putPart(2, pattern(10), { checksum: { algorithm: 'crc32', value: '00000000' } }),
      'ChecksumMismatch',
    );
    assert.deepEqual(
      (await upload.parts()).map((part) => part.partNumber),
      [1],
    );
    await sendParts(context, upload, [2]);
    await upload.complete();
    sameBytes(await read(context.backend, key), concatenate([partOf(context, 1), partOf(context, 2)]));
  },
});

export const multipart: Area = defineArea({
  name: 'multipart',
  title: 'K. Uploads in parts',
  cases: [
    outOfOrder,
    parallelParts,
    invisible,
    concatenated,
    noParts,
    aborts,
    abortElsewhere,
    completeTwice,
    completeLost,
    completeResumed,
    wrongParts,
    someParts,
    reupload,
    partFailures,
    undersized,
    limits,
    interleaved,
    putMeanwhile,
    attributes,
    conditions,
    resumed,
    badTokens,
    cleanup,
    cleanupArguments,
    failureAborts,
  ],
});
