import { describe, expect, it, vi } from 'vitest';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import { cut, errorOf, expectStored, KiB, leftovers, makeBackend, someBytes, streamOf } from './setup.ts';

const bytes = someBytes(5 * KiB);
const [one, two, three] = [bytes.subarray(0, 2 * KiB), bytes.subarray(2 * KiB, 4 * KiB), bytes.subarray(4 * KiB)];

describe('an upload session', () => {
  it('makes the object of its parts, in the order of their numbers, with its attributes', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a', {
      metadata: { jobId: '7' },
      contentType: 'text/x-test',
      tags: { colour: 'red' },
    });
    await upload.putPart(7, three);
    await upload.putPart(1, streamOf(one, 100));
    await upload.putPart(3, new Blob([two]));
    expect((await upload.parts()).map((part) => part.partNumber)).toEqual([1, 3, 7]);
    expect(await backend.exists('a')).toBe(false);
    const saved = await upload.complete();
    await expectStored(backend, 'a', bytes);
    expect(saved).toMatchObject({
      key: 'a',
      size: bytes.byteLength,
      metadata: { jobId: '7' },
      contentType: 'text/x-test',
    });
    expect(saved.etag).toBe((await backend.getMetadata('a'))?.etag);
    expect(await backend.getTags('a')).toEqual({ colour: 'red' });
  });

  it('takes a part again in place of the one before', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a');
    await upload.putPart(1, three);
    await upload.putPart(1, one);
    await upload.complete();
    await expectStored(backend, 'a', one);
  });

  it('of no parts makes an empty object', async () => {
    const { backend, driver } = makeBackend();
    const upload = await backend.createUpload('a', { metadata: { jobId: '7' }, ifAbsent: true });
    expect((await upload.complete()).size).toBe(0);
    expect((await backend.getMetadata('a'))?.metadata).toEqual({ jobId: '7' });
    expect(await leftovers(driver)).toBe(0);
    expect((await errorOf((await backend.createUpload('a', { ifAbsent: true })).complete())).code).toBe(
      'AlreadyExists',
    );
  });

  it('completes once: again, and at the same time, it gives the same result', async () => {
    const complete = vi.fn();
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        complete: (request, context) => {
          complete();
          return multipart.complete(request, context);
        },
      }),
    });
    const upload = await backend.createUpload('a');
    await upload.putPart(1, one);
    const [first, second] = await Promise.all([upload.complete(), upload.complete()]);
    expect(second).toEqual(first);
    expect(await upload.complete()).toEqual(first);
    expect(complete).toHaveBeenCalledTimes(1);
    expect((await backend.getVersions('a')).length).toBe(1);
  });

  it('finds that it was completed when the service forgot it', async () => {
    const { backend } = makeBackend({
      settings: { retry: false },
      changeMultipart: (multipart) => {
        let isOver = false;
        return {
          async complete(request, context) {
            if (isOver) throw new DriverFault('NotFound', 'the upload is gone');
            isOver = true;
            await multipart.complete(request, context);
            throw cut();
          },
          listParts: () => Promise.reject(new DriverFault('NotFound', 'the upload is gone')),
        };
      },
    });
    const upload = await backend.createUpload('a');
    await upload.putPart(1, one);
    const token = upload.toToken();
    await errorOf(upload.complete({ parts: [await upload.putPart(1, one)] }));
    const { etag } = (await backend.getMetadata('a'))!;
    expect((await upload.complete()).etag).toBe(etag);
    expect((await (await backend.resumeUpload(token)).complete()).etag).toBe(etag);
    await backend.save('a', 'another');
    expect((await errorOf((await backend.resumeUpload(token)).complete())).code).toBe('NotFound');
  });

  it('honours its condition when it completes', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a', { ifAbsent: true });
    await upload.putPart(1, one);
    await backend.save('a', 'first');
    expect((await errorOf(upload.complete())).code).toBe('AlreadyExists');
    await expectStored(backend, 'a', Buffer.from('first'));
    const { backend: other, driver } = makeBackend({ multipart: { conditionalComplete: false } });
    expect((await errorOf(other.createUpload('a', { ifAbsent: true }))).code).toBe('Unsupported');
    expect(await leftovers(driver)).toBe(0);
  });

  it('is over after abort, which may be called again', async () => {
    const { backend, driver } = makeBackend();
    const upload = await backend.createUpload('a');
    await upload.putPart(1, one);
    await upload.abort();
    await upload.abort();
    expect(await leftovers(driver)).toBe(0);
    for (const error of await Promise.all([upload.complete(), upload.putPart(2, two), upload.parts()].map(errorOf))) {
      expect(error.code).toBe('NotFound');
    }
    expect(await backend.exists('a')).toBe(false);
  });

  it('is not undone by an abort after it completed', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a');
    await upload.putPart(1, one);
    const completing = upload.complete();
    await upload.abort();
    await completing;
    await expectStored(backend, 'a', one);
    expect((await errorOf(upload.putPart(2, two))).code).toBe('NotFound');
  });
});

describe('a part', () => {
  it('that is too small and not the last is refused before any request, by number', async () => {
    const complete = vi.fn();
    const { backend } = makeBackend({ changeMultipart: () => ({ complete }) });
    const upload = await backend.createUpload('a');
    await upload.putPart(1, one);
    await upload.putPart(2, 'tiny');
    await upload.putPart(3, three);
    expect(await errorOf(upload.complete())).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('part 2 '),
    });
    expect(complete).not.toHaveBeenCalled();
  });

  it.each([0, -1, 1.5, Number.NaN, 10_001, '1', undefined])('cannot have the number %s', async (partNumber) => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a');
    expect((await errorOf(upload.putPart(partNumber as never, one))).code).toBe('InvalidArgument');
  });

  it('is refused when it is not as declared, or too large, or no body', async () => {
    const { backend } = makeBackend({ multipart: { maxPartSize: 4 * KiB } });
    const upload = await backend.createUpload('a');
    const cases: [Promise<unknown>, string][] = [
      [upload.putPart(1, streamOf(one), { size: 5 }), 'LengthMismatch'],
      [upload.putPart(1, one, { size: 5 }), 'LengthMismatch'],
      [upload.putPart(1, () => streamOf(one), { size: 5000 }), 'InvalidArgument'],
      [upload.putPart(1, () => streamOf(one), { size: 4000 }), 'LengthMismatch'],
      [upload.putPart(1, one, { checksum: { algorithm: 'crc32', value: '00000000' } }), 'ChecksumMismatch'],
      [upload.putPart(1, bytes), 'InvalidArgument'],
      [upload.putPart(1, 7 as never), 'InvalidArgument'],
      [upload.putPart(1, one, { colour: 'red' } as never), 'InvalidArgument'],
    ];
    const codes = await Promise.all(cases.map(async ([refused]) => (await errorOf(refused)).code));
    expect(codes).toEqual(cases.map(([, code]) => code));
    expect(await upload.parts()).toEqual([]);
  });

  it('that is missing, or not as its receipt says, is refused, and the object stays', async () => {
    const { backend } = makeBackend();
    await backend.save('a', 'before');
    const upload = await backend.createUpload('a');
    const receipt = await upload.putPart(1, one);
    const wrong = [
      [receipt, { ...receipt, partNumber: 2 }],
      [{ ...receipt, etag: '"other"' }],
      [receipt, receipt],
      [{}],
      'parts',
    ];
    for (const parts of wrong)
      expect((await errorOf(upload.complete({ parts: parts as never }))).code).toBe('InvalidArgument');
    await expectStored(backend, 'a', Buffer.from('before'));
    await upload.complete({ parts: [receipt] });
    await expectStored(backend, 'a', one);
  });

  it('whose source fails is stopped and surfaces with its cause; the upload goes on', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a');
    const cause = new Error('unplugged');
    const stopped = vi.fn();
    async function* broken(): AsyncGenerator<Uint8Array> {
      try {
        yield one;
        throw cause;
      } finally {
        stopped();
      }
    }
    expect(await errorOf(upload.putPart(1, broken()))).toMatchObject({ code: 'Unknown', cause });
    expect(stopped).toHaveBeenCalledTimes(1);
    await upload.putPart(1, one);
    await upload.complete();
    await expectStored(backend, 'a', one);
  });

  it('is sent again after a fault', async () => {
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        putPart: (request, context) =>
          context.attempt < 3 ? Promise.reject(cut()) : multipart.putPart(request, context),
      }),
    });
    const upload = await backend.createUpload('a');
    await upload.putPart(1, streamOf(one));
    await upload.putPart(2, () => streamOf(two), { size: two.byteLength });
    await upload.complete();
    await expectStored(backend, 'a', bytes.subarray(0, 4 * KiB));
  });
});

describe('a token', () => {
  it('goes on with the upload elsewhere, with its parts, attributes and condition', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a', { metadata: { jobId: '7' }, ifAbsent: true });
    await upload.putPart(1, one);
    const token = upload.toToken();
    expect(token).toMatch(/^[\w-]+$/);
    const elsewhere = await backend.resumeUpload(token);
    expect(elsewhere).toMatchObject({ key: 'a', uploadId: upload.uploadId });
    await elsewhere.putPart(2, two);
    const saved = await upload.complete();
    await expectStored(backend, 'a', bytes.subarray(0, 4 * KiB));
    expect(saved.metadata).toEqual({ jobId: '7' });
    expect((await elsewhere.complete()).etag).toBe(saved.etag);
    expect((await errorOf((await backend.createUpload('a', { ifAbsent: true })).complete())).code).toBe(
      'AlreadyExists',
    );
  });

  it('holds no secret', async () => {
    const { backend } = makeBackend();
    const upload = await backend.createUpload('a', { native: { SSECustomerKey: 'hush' } });
    expect(Buffer.from(upload.toToken(), 'base64url').toString()).not.toContain('hush');
  });

  it('is refused when it is none, or of another kind of backend', async () => {
    const { backend } = makeBackend();
    const token = (await backend.createUpload('a')).toToken();
    const value = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    const spoilt = [
      ...Object.keys(value).map((name) => ({ ...value, [name]: undefined })),
      ...Object.keys(value).map((name) => ({ ...value, [name]: 7 })),
      { ...value, type: 'local' },
      { ...value, version: 2 },
      { ...value, attributes: { ...(value['attributes'] as object), token: undefined } },
      { ...value, attributes: { ...(value['attributes'] as object), metadata: { a: 1 } } },
      { ...value, condition: { ifAbsent: 'yes' } },
      { ...value, file: {} },
    ].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url'));
    for (const wrong of [...spoilt, '', 'x', '!', `${token}=`, 7, undefined]) {
      expect((await errorOf(backend.resumeUpload(wrong as never))).code).toBe('InvalidArgument');
    }
  });
});

describe('cleanup', () => {
  it('frees old uploads, of one key or of all, and leaves the younger ones', async () => {
    const { backend, driver } = makeBackend();
    for (const key of ['a', 'a', 'b']) await backend.createUpload(key);
    expect(await backend.cleanup({ olderThan: '1h' })).toEqual({ removed: 0 });
    expect(await leftovers(driver)).toBe(3);
    expect(await backend.cleanup({ olderThan: 0, key: 'a' })).toEqual({ removed: 2 });
    expect(await backend.cleanup({ olderThan: 0 })).toEqual({ removed: 1 });
    expect(await leftovers(driver)).toBe(0);
  });

  it('goes through all pages', async () => {
    const { backend, driver } = makeBackend({
      changeMultipart: (multipart) => ({
        async listIncomplete({ key, cursor }, context) {
          const { uploads } = await multipart.listIncomplete!(key === undefined ? {} : { key }, context);
          const at = Number(cursor ?? 0);
          const page = uploads.slice(at, at + 2);
          return at + 2 < uploads.length ? { uploads: page, cursor: String(at + 2) } : { uploads: page };
        },
      }),
    });
    for (let i = 0; i < 5; i++) await backend.createUpload(`a${i}`);
    expect(await backend.cleanup({ olderThan: 0 })).toEqual({ removed: 5 });
    expect(
      (await driver.multipart!.listIncomplete!({}, { signal: new AbortController().signal, attempt: 1 })).uploads,
    ).toEqual([]);
  });

  it('is Unsupported where the service does not list, or only by key', async () => {
    const none = makeBackend({ multipart: { listIncomplete: false } }).backend;
    expect((await errorOf(none.cleanup({ olderThan: 0, key: 'a' }))).code).toBe('Unsupported');
    const byKey = makeBackend({ multipart: { listIncomplete: 'by-key' } }).backend;
    expect((await errorOf(byKey.cleanup({ olderThan: 0 }))).code).toBe('Unsupported');
    expect(await byKey.cleanup({ olderThan: 0, key: 'a' })).toEqual({ removed: 0 });
  });

  it.each([undefined, -1, 'soon', null])('needs an age: %s is InvalidArgument', async (olderThan) => {
    const { backend } = makeBackend();
    expect((await errorOf(backend.cleanup({ olderThan: olderThan as never }))).code).toBe('InvalidArgument');
  });
});
