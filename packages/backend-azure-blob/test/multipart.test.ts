import { randomBytes } from 'node:crypto';
import type { CompleteUploadRequest, MultipartMember, PartReceipt, StorageDriver } from '@storage/core/driver';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { createBlockId, createUploadId, parseBlockId } from '../src/multipart/block-id.ts';
import { bodyOf, context, failureOf, newKey, openDriver, read, requestOf } from './driver.ts';

const rounds = process.env['STORAGE_TESTS_LONG'] === '1' ? 1000 : 25;
const attributes = { headers: { contentType: 'text/plain' }, metadata: { by: 'parts' } };

describe('the id of a block', () => {
  test('says everything about its part, and is as long as those of the SDKs', () => {
    const uploadId = createUploadId();
    const before = Date.now();
    const id = createBlockId(uploadId, 50_000, 4_194_304_000);
    expect(Buffer.from(id, 'base64')).toHaveLength(48);
    const block = parseBlockId(id);
    expect(block).toMatchObject({ uploadId, partNumber: 50_000, size: 4_194_304_000, id });
    expect(block?.sentAt).toBeGreaterThanOrEqual(before);
    expect(createBlockId(uploadId, 50_000, 4_194_304_000)).not.toBe(id);
  });

  test('of another program is none of ours', () => {
    const ofSdk = Buffer.from('3f2a5c7e-0d1b-4c6a-9e8f-112233445566'.padEnd(48, '0')).toString('base64');
    expect(parseBlockId(ofSdk)).toBeUndefined();
    expect(parseBlockId('')).toBeUndefined();
  });

  test('is not made for what is no upload', () => {
    expect(() => createBlockId('forged', 1, 1)).toThrow('no such upload');
  });
});

describe.skipIf('skipped' in inject('azurite'))('an upload in blocks', () => {
  let driver: StorageDriver;
  let multipart: MultipartMember;
  beforeAll(async () => {
    driver = await openDriver();
    if (driver.multipart === undefined) throw new TypeError('there is no multipart');
    ({ multipart } = driver);
  });

  const create = (key: string): Promise<{ uploadId: string }> =>
    multipart.create({ key, attributes, integrity: 'default' }, context);
  const putPart = (key: string, uploadId: string, partNumber: number, bytes: Uint8Array): Promise<PartReceipt> =>
    multipart.putPart({ key, uploadId, partNumber, body: bodyOf(bytes), integrity: 'default' }, context);
  const complete = (key: string, uploadId: string, parts: PartReceipt[], more: Partial<CompleteUploadRequest> = {}) =>
    multipart.complete({ key, uploadId, parts, attributes, condition: {}, ...more }, context);

  test(`of two writers at once exactly one wins, whole, and the other is told (${String(rounds)} rounds)`, async () => {
    const key = newKey();
    for (let round = 0; round < rounds; round += 1) {
      const writers = await Promise.all(
        ['a', 'b'].map(async (letter) => {
          const { uploadId } = await create(key);
          const pieces = [1, 2, 3].map((number) => Buffer.from(`${letter}${String(number)}`.repeat(200)));
          const parts = await Promise.all(pieces.map((piece, index) => putPart(key, uploadId, index + 1, piece)));
          return { uploadId, parts, content: Buffer.concat(pieces).toString() };
        }),
      );
      const outcomes = await Promise.allSettled(writers.map(({ uploadId, parts }) => complete(key, uploadId, parts)));
      const winners = writers.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect((await read(driver, key)).toString()).toBe(winners[0]?.content);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(driver.classify(outcome.reason)).toMatchObject({ code: 'Conflict', providerCode: 'InvalidBlockList' });
        }
      }
    }
  });

  test('that was overtaken has no parts any more, and can neither complete nor make an empty object', async () => {
    const key = newKey();
    const [slow, fast] = [await create(key), await create(key)];
    const parts = [await putPart(key, slow.uploadId, 1, Buffer.from('slow'))];
    await complete(key, fast.uploadId, [await putPart(key, fast.uploadId, 1, Buffer.from('fast'))]);
    expect((await failureOf(driver, multipart.listParts({ key, ...slow }, context))).code).toBe('NotFound');
    // A part that comes later does not bring it back.
    parts.push(await putPart(key, slow.uploadId, 2, Buffer.from('late')));
    expect((await failureOf(driver, multipart.listParts({ key, ...slow }, context))).code).toBe('NotFound');
    expect((await failureOf(driver, complete(key, slow.uploadId, parts))).code).toBe('Conflict');
    expect((await read(driver, key)).toString()).toBe('fast');
  });

  test('goes on in another process by its id: parts are found there, the newest of each number', async () => {
    const key = newKey();
    const { uploadId } = await create(key);
    await putPart(key, uploadId, 2, Buffer.from('second'));
    await putPart(key, uploadId, 1, Buffer.from('first, wrong'));
    await putPart(key, uploadId, 1, Buffer.from('first '));
    const other = await multipart.listParts({ key, uploadId }, context);
    expect(other.parts.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 6],
      [2, 6],
    ]);
    await complete(key, uploadId, [...other.parts]);
    expect((await read(driver, key)).toString()).toBe('first second');
  });

  test('refuses a receipt that is not of what is there, and stays open', async () => {
    const key = newKey();
    await driver.put(requestOf(key, 'old'), context);
    const { uploadId } = await create(key);
    const first = await putPart(key, uploadId, 1, Buffer.from('one'));
    const second = await putPart(key, uploadId, 2, Buffer.from('two'));
    const { uploadId: foreign } = await create(key);
    const of = async (parts: PartReceipt[], id = uploadId): Promise<string> =>
      (await failureOf(driver, complete(key, id, parts))).code;
    expect(await of([first, { ...second, size: 4 }])).toBe('InvalidArgument');
    expect(await of([{ ...first, partNumber: 3 }, second])).toBe('InvalidArgument');
    expect(await of([first, second], foreign)).toBe('InvalidArgument');
    expect(await of([first, { partNumber: 3, size: 3, etag: createBlockId(uploadId, 3, 3) }])).toBe('InvalidArgument');
    expect((await read(driver, key)).toString()).toBe('old');
    await complete(key, uploadId, [first, second]);
    expect((await read(driver, key)).toString()).toBe('onetwo');
  });

  test('that is completed again, its answer lost, is complete', async () => {
    const key = newKey();
    const { uploadId } = await create(key);
    const parts = [await putPart(key, uploadId, 1, Buffer.from('text'))];
    await complete(key, uploadId, parts);
    await complete(key, uploadId, parts);
    expect((await read(driver, key)).toString()).toBe('text');
  });

  test('takes parts without bytes, which the service does not', async () => {
    const key = newKey();
    const { uploadId } = await create(key);
    const parts = [await putPart(key, uploadId, 1, Buffer.from('text')), await putPart(key, uploadId, 2, Buffer.of())];
    expect((await complete(key, uploadId, parts)).size).toBe(4);
    expect((await read(driver, key)).toString()).toBe('text');
  });

  test('an aborted one leaves the object alone; that of nobody is gone', async () => {
    const key = newKey();
    await driver.put(requestOf(key, 'old'), context);
    const { uploadId } = await create(key);
    await putPart(key, uploadId, 1, Buffer.from('text'));
    await multipart.abort({ key, uploadId }, context);
    expect((await read(driver, key)).toString()).toBe('old');
    const never = { key: newKey(), uploadId: createUploadId() };
    expect((await failureOf(driver, multipart.listParts(never, context))).code).toBe('NotFound');
    const receipt = { partNumber: 1, size: 1, etag: createBlockId(never.uploadId, 1, 1) };
    expect((await failureOf(driver, complete(never.key, never.uploadId, [receipt]))).code).toBe('NotFound');
  });

  test('a part whose bytes were changed on the way is refused by the service', async () => {
    const key = newKey();
    const { uploadId } = await create(key);
    const bytes = randomBytes(2_000_000);
    const body = { ...bodyOf(bytes), open: () => changed(bytes) };
    const part = multipart.putPart({ key, uploadId, partNumber: 1, body, integrity: 'default' }, context);
    expect(await failureOf(driver, part)).toMatchObject({ code: 'ChecksumMismatch', providerCode: 'Md5Mismatch' });
  });
});

/** What a faulty line makes of bytes. */
async function* changed(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(1_000_000) ^ 1, 1_000_000);
  yield copy;
}
