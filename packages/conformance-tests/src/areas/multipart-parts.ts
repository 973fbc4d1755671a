import assert from 'node:assert/strict';
import type { PartReceipt } from '@storage/core/driver';
import {
  absent,
  expectCode,
  headOf,
  holds,
  keysUnder,
  read,
  rejectionOf,
  sameBytes,
  unchanged,
} from '../assertions.ts';
import { concatenate, failingBody, iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { storedAttributes } from '../stored.ts';
import { partOf, partsCase, sendParts } from './multipart-case.ts';

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
    const result = await upload.complete();
    assert.equal(result.size, 0);
    await holds(backend, context.key('session'), new Uint8Array(0));
    assert.deepEqual((await headOf(backend, context.key('session'))).metadata, { a: '1' });
    await unchanged(backend, context.key('session'), () => upload.complete());
    await backend.save(context.key('stream'), iterable(new Uint8Array(0)), { partSize: context.limits.partSize });
    await holds(backend, context.key('stream'), new Uint8Array(0));
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

/** Parts and what they make together. */
export const partCases: readonly ConformanceCase[] = [
  outOfOrder,
  parallelParts,
  invisible,
  concatenated,
  noParts,
  reupload,
  partFailures,
  undersized,
  limits,
  wrongParts,
  someParts,
];
