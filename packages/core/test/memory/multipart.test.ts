import { expect, test } from 'vitest';
import type { CallContext, CompleteUploadRequest, PartReceipt } from '../../src/driver.ts';
import { body, context, type FullDriver, keysOf, memory, plain, rejects, save, streamOf, text } from './setup.ts';

const attributes = { ...plain, metadata: { m: '1' }, tags: { t: '1' }, tier: 'cool', token: 'mine' };

async function begin(driver: FullDriver, key = 'a'): Promise<{ key: string; uploadId: string }> {
  const { uploadId } = await driver.multipart.create({ key, attributes, integrity: 'default' }, context);
  return { key, uploadId };
}

function part(
  driver: FullDriver,
  upload: { key: string; uploadId: string },
  partNumber: number,
  content: string,
): Promise<PartReceipt> {
  return driver.multipart.putPart({ ...upload, partNumber, body: body(content), integrity: 'default' }, context);
}

function complete(
  driver: FullDriver,
  upload: { key: string; uploadId: string },
  parts: readonly PartReceipt[],
  condition: CompleteUploadRequest['condition'] = {},
): ReturnType<FullDriver['put']> {
  return driver.multipart.complete({ ...upload, parts, attributes, condition }, context);
}

test('parts are invisible until complete joins them', async () => {
  const driver = memory();
  const upload = await begin(driver);
  const third = await part(driver, upload, 3, 'c');
  await part(driver, upload, 1, 'x');
  const first = await part(driver, upload, 1, 'a');
  expect(await keysOf(driver)).toEqual([]);
  expect(await driver.multipart.listParts(upload, context)).toEqual({ parts: [first, third] });
  const saved = await complete(driver, upload, [first, third]);
  const info = await driver.head({ key: 'a' }, context);
  expect(info).toMatchObject({ ...saved, metadata: { m: '1' }, tier: 'cool', token: 'mine' });
  expect(await driver.tags.get({ key: 'a' }, context)).toEqual({ t: '1' });
  expect(await text(driver, 'a')).toBe('ac');
});

test('complete answers the same again, and only once commits', async () => {
  const driver = memory();
  const upload = await begin(driver);
  const parts = [await part(driver, upload, 1, 'a')];
  const saved = await complete(driver, upload, parts);
  await save(driver, 'a', 'later');
  expect(await complete(driver, upload, parts)).toEqual(saved);
  expect(await text(driver, 'a')).toBe('later');
});

test('an aborted upload cannot go on', async () => {
  const driver = memory();
  const upload = await begin(driver);
  const parts = [await part(driver, upload, 1, 'a')];
  await driver.multipart.abort(upload, context);
  await driver.multipart.abort(upload, context);
  await rejects(complete(driver, upload, parts), 'NotFound');
  await rejects(part(driver, upload, 2, 'b'), 'NotFound');
  await rejects(driver.multipart.listParts(upload, context), 'NotFound');
  expect(await driver.multipart.listIncomplete({}, context)).toEqual({ uploads: [] });
});

test('a part that is under way when its upload is aborted is not stored', async () => {
  const driver = memory();
  const upload = await begin(driver);
  async function* aborting(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    await driver.multipart.abort(upload, context);
  }
  const request = { ...upload, partNumber: 1, body: { size: 1, open: aborting }, integrity: 'default' } as const;
  await rejects(driver.multipart.putPart(request, context), 'NotFound');
});

test('an abort of the call leaves the part as it was', async () => {
  const driver = memory();
  const upload = await begin(driver);
  const controller = new AbortController();
  async function* aborting(): AsyncGenerator<Uint8Array> {
    yield* streamOf([Buffer.from('a')]);
    controller.abort(new Error('enough'));
  }
  const request = { ...upload, partNumber: 1, body: { size: 1, open: aborting }, integrity: 'default' } as const;
  const call: CallContext = { signal: controller.signal, attempt: 1 };
  await expect(driver.multipart.putPart(request, call)).rejects.toThrow('enough');
  expect(await driver.multipart.listParts(upload, context)).toEqual({ parts: [] });
});

test('a missing, a replaced and a small part are refused, and the object stays as it was', async () => {
  const driver = memory({ minPartSize: 2 });
  expect(driver.capabilities.multipart).toMatchObject({ minPartSize: 2 });
  await save(driver, 'a', 'old');
  const upload = await begin(driver);
  const replaced = await part(driver, upload, 1, 'aa');
  const small = await part(driver, upload, 1, 'a');
  const last = await part(driver, upload, 2, 'b');
  await rejects(complete(driver, upload, [replaced, last]), 'InvalidArgument');
  await rejects(complete(driver, upload, [last, { ...last, partNumber: 3 }]), 'InvalidArgument');
  await rejects(complete(driver, upload, [small, last]), 'InvalidArgument');
  expect(await text(driver, 'a')).toBe('old');
  await complete(driver, upload, [last]);
  expect(await text(driver, 'a')).toBe('b');
});

test('the condition is enforced when the upload completes, and the upload stays', async () => {
  const driver = memory();
  const upload = await begin(driver);
  const parts = [await part(driver, upload, 1, 'a')];
  const { etag } = await save(driver, 'a', 'other');
  await rejects(complete(driver, upload, parts, { ifAbsent: true }), 'AlreadyExists');
  await complete(driver, upload, parts, { ifMatch: etag });
});

test('of two uploads to one key the last to complete wins', async () => {
  const driver = memory();
  const [one, two] = [await begin(driver), await begin(driver)];
  const partOfOne = await part(driver, one, 1, 'one');
  const partOfTwo = await part(driver, two, 1, 'two');
  await complete(driver, two, [partOfTwo]);
  await complete(driver, one, [partOfOne]);
  expect(await text(driver, 'a')).toBe('one');
});

test('unfinished uploads are listed, of all keys or of one', async () => {
  const driver = memory({ clock: () => 1000 });
  const [a, b] = [await begin(driver, 'a'), await begin(driver, 'b')];
  await complete(driver, await begin(driver, 'c'), []);
  const startedAt = new Date(1000);
  expect(await driver.multipart.listIncomplete({}, context)).toEqual({
    uploads: [
      { ...a, startedAt },
      { ...b, startedAt },
    ],
  });
  expect(await driver.multipart.listIncomplete({ key: 'b' }, context)).toEqual({ uploads: [{ ...b, startedAt }] });
});
