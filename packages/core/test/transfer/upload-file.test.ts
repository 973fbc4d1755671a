import { utimesSync } from 'node:fs';
import { appendFile, mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import { createDigest } from '../../src/checksum.ts';
import type { StorageDriver } from '../../src/driver.ts';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import { cut, errorOf, expectStored, KiB, leftovers, makeBackend, type Service, someBytes } from './setup.ts';

const partSize = 16 * KiB;
const small = { partSize, concurrency: 3 };
const bytes = someBytes(200 * KiB + 5);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-file-'));
  path = join(folder, 'file');
  await writeFile(path, bytes);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A service that notes the parts that it stores, and fails from the `failAt`-th on. */
function counting(
  failAt = Infinity,
  error: () => Error = cut,
): { service: Service; stored: number[]; state: { failAt: number } } {
  const stored: number[] = [];
  const state = { failAt };
  const service: Service = {
    settings: { retry: false },
    changeMultipart: (multipart) => ({
      async putPart(request, context) {
        if (stored.length >= state.failAt) throw error();
        const receipt = await multipart.putPart(request, context);
        stored.push(request.partNumber);
        return receipt;
      },
    }),
  };
  return { service, stored, state };
}

/** An upload that is cut after five of its 13 parts, with its token. */
async function interrupted(
  options: object = {},
): Promise<{ backend: StorageBackend; driver: StorageDriver; token: string; stored: number[] }> {
  const { service, stored, state } = counting(5);
  const { backend, driver } = makeBackend(service);
  let token = '';
  const error = await errorOf(
    backend.uploadFile('a', path, { ...small, ...options, onToken: (given) => (token = given) }),
  );
  expect(error).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
  expect(stored.length).toBe(5);
  expect(await leftovers(driver)).toBe(1);
  state.failAt = Infinity;
  return { backend, driver, token, stored };
}

describe('a file from disk', () => {
  it.each([0, 1, partSize, 4 * partSize, 4 * partSize + 1, 200 * KiB])(
    'of %i bytes is stored with its options',
    async (size) => {
      await writeFile(path, someBytes(size));
      for (const unknownSize of [true, false]) {
        const { backend, driver } = makeBackend({ singlePut: { maxSize: 2 ** 40, unknownSize } });
        const seen: number[] = [];
        const saved = await backend.uploadFile('a', path, {
          ...small,
          ifAbsent: true,
          metadata: { jobId: '7' },
          size,
          onProgress: ({ doneBytes }) => seen.push(doneBytes),
        });
        expect(saved).toMatchObject({ size, metadata: { jobId: '7' }, etag: (await backend.getMetadata('a'))?.etag });
        await expectStored(backend, 'a', someBytes(size));
        expect(seen.at(-1)).toBe(size);
        expect((await errorOf(backend.uploadFile('a', path, { ...small, ifAbsent: true }))).code).toBe('AlreadyExists');
        expect(await leftovers(driver)).toBe(0);
      }
    },
  );

  it('that is large goes in parts of known sizes, several at once', async () => {
    const { service, stored } = counting();
    const { backend } = makeBackend({ ...service, singlePut: { maxSize: 2 ** 40, unknownSize: false } });
    await backend.uploadFile('a', path, small);
    expect(stored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
  });

  it('that is not as declared is refused', async () => {
    const digest = createDigest('md5');
    digest.update(bytes);
    const { backend, driver } = makeBackend();
    const right = { algorithm: 'md5', value: digest.hex() } as const;
    await backend.uploadFile('a', path, { ...small, checksum: right });
    const wrong = { ...right, value: '0'.repeat(32) };
    expect((await errorOf(backend.uploadFile('b', path, { ...small, checksum: wrong }))).code).toBe('ChecksumMismatch');
    expect((await errorOf(backend.uploadFile('b', path, { ...small, size: 7 }))).code).toBe('LengthMismatch');
    expect((await errorOf(backend.uploadFile('b', path, { ...small, maxSize: 7 }))).code).toBe('LengthMismatch');
    expect(await backend.exists('b')).toBe(false);
    expect(await leftovers(driver)).toBe(0);
  });

  it('that is none is InvalidArgument', async () => {
    const { backend } = makeBackend();
    expect((await errorOf(backend.uploadFile('a', join(folder, 'missing')))).code).toBe('InvalidArgument');
    expect((await errorOf(backend.uploadFile('a', folder))).code).toBe('InvalidArgument');
    expect((await errorOf(backend.uploadFile('a', join(folder, 'file', 'below')))).code).toBe('InvalidArgument');
  });

  const changes: [string, () => Promise<unknown>][] = [
    ['grows', () => appendFile(path, 'more')],
    ['shrinks', () => truncate(path, 100)],
    ['is touched', () => utimes(path, new Date(), new Date(0))],
  ];
  describe.each(changes)('that %s while it is read', (_how, change) => {
    it.each([
      ['in parts', false],
      ['with one request', true],
    ])('%s is Conflict, and nothing is stored', async (_way, unknownSize) => {
      const { backend, driver } = makeBackend({
        singlePut: { maxSize: 2 ** 40, unknownSize },
        change: (below) => ({
          put: async (request, context) => {
            await change();
            return below.put(request, context);
          },
        }),
        changeMultipart: (multipart) => ({
          create: async (request, context) => {
            await change();
            return multipart.create(request, context);
          },
        }),
      });
      expect(await errorOf(backend.uploadFile('a', path, small))).toMatchObject({ code: 'Conflict', retryable: 'no' });
      expect(await backend.exists('a')).toBe(false);
      expect(await leftovers(driver)).toBe(0);
    });
  });

  it('that is small is read once, and sent again as it was read', async () => {
    const body = someBytes(3 * KiB);
    await writeFile(path, body);
    let puts = 0;
    const { backend } = makeBackend({
      change: (below) => ({
        put: async (request, context) => {
          puts += 1;
          if (puts > 1) return below.put(request, context);
          await rm(path);
          throw cut();
        },
      }),
    });
    await backend.uploadFile('a', path);
    expect(puts).toBe(2);
    await expectStored(backend, 'a', body);
  });

  it('that is small, and touched while it is read, is Conflict', async () => {
    const { backend } = makeBackend();
    let seconds = 1;
    let uploading = true;
    // Between opening a file and having read it the event loop comes by here.
    const touch = (): void => {
      utimesSync(path, seconds, seconds);
      seconds += 1;
      if (uploading) setImmediate(touch);
    };
    touch();
    const error = await errorOf(backend.uploadFile('a', path));
    uploading = false;
    expect(error).toMatchObject({ code: 'Conflict', retryable: 'no' });
    expect(await backend.exists('a')).toBe(false);
  });

  it('that loses to another upload is sent once more', async () => {
    let completes = 0;
    const { backend, driver } = makeBackend({
      multipart: { concurrent: 'first-complete-wins' },
      changeMultipart: (multipart) => ({
        complete: (request, context) =>
          ++completes === 1
            ? Promise.reject(new DriverFault('Conflict', 'lost', { retryable: 'safe' }))
            : multipart.complete(request, context),
      }),
    });
    await backend.uploadFile('a', path, small);
    await expectStored(backend, 'a', bytes);
    expect(completes).toBe(2);
    expect(await leftovers(driver)).toBe(0);
  });
});

describe('an upload of a file that was cut', () => {
  it('goes on with its token, and sends only the parts that are missing', async () => {
    const { backend, driver, token, stored } = await interrupted({ metadata: { jobId: '7' }, ifAbsent: true });
    const before = [...stored];
    const saved = await backend.uploadFile('a', path, {
      ...small,
      metadata: { jobId: '7' },
      ifAbsent: true,
      resume: token,
    });
    expect(saved.metadata).toEqual({ jobId: '7' });
    await expectStored(backend, 'a', bytes);
    expect(stored.length).toBe(13);
    expect(new Set(stored).size).toBe(13);
    expect(stored.slice(0, 5)).toEqual(before);
    expect(await leftovers(driver)).toBe(0);
  });

  it('goes on with a part size of its own, whatever is asked for now', async () => {
    const { backend, token } = await interrupted();
    await backend.uploadFile('a', path, { partSize: 7 * KiB, resume: token });
    await expectStored(backend, 'a', bytes);
  });

  it('without onToken leaves no parts', async () => {
    const { service } = counting(5);
    const { backend, driver } = makeBackend(service);
    await errorOf(backend.uploadFile('a', path, small));
    expect(await leftovers(driver)).toBe(0);
  });

  it('for good leaves no parts, with onToken too', async () => {
    const { service } = counting(5, () => new DriverFault('QuotaExceeded', 'the disk is full'));
    const { backend, driver } = makeBackend(service);
    expect((await errorOf(backend.uploadFile('a', path, { ...small, onToken: () => undefined }))).code).toBe(
      'QuotaExceeded',
    );
    expect(await leftovers(driver)).toBe(0);
  });

  it('by its caller keeps its parts with onToken', async () => {
    const controller = new AbortController();
    const { service } = counting(5, () => {
      controller.abort(new Error('closing the lid'));
      return cut();
    });
    const { backend, driver } = makeBackend(service);
    const saving = backend.uploadFile('a', path, { ...small, signal: controller.signal, onToken: () => undefined });
    expect(['Aborted', 'Unavailable']).toContain((await errorOf(saving)).code);
    expect(await leftovers(driver)).toBe(1);
  });

  it('is refused when the file, the key or the options are others', async () => {
    const { backend, token } = await interrupted({ metadata: { jobId: '7' } });
    const resume = (key: string, options: object): Promise<unknown> =>
      backend.uploadFile(key, path, { ...small, metadata: { jobId: '7' }, ...options, resume: token });
    for (const error of await Promise.all(
      [resume('b', {}), resume('a', { metadata: {} }), resume('a', { ifAbsent: true })].map(errorOf),
    )) {
      expect(error.code).toBe('InvalidArgument');
    }
    expect((await errorOf(backend.uploadFile('a', path, { resume: 'nonsense' }))).code).toBe('InvalidArgument');
    await appendFile(path, 'more');
    expect((await errorOf(resume('a', {}))).code).toBe('InvalidArgument');
  });

  it('and is gone by now is begun anew', async () => {
    const { backend, token, stored } = await interrupted();
    await (await backend.resumeUpload(token)).abort();
    await backend.uploadFile('a', path, { ...small, resume: token });
    await expectStored(backend, 'a', bytes);
    expect(stored.length).toBe(5 + 13);
  });

  it('and was completed after all resolves with what it made', async () => {
    let completes = 0;
    const { backend } = makeBackend({
      settings: { retry: false },
      changeMultipart: (multipart) => ({
        async complete(request, context) {
          completes += 1;
          await multipart.complete(request, context);
          throw cut();
        },
        listParts: () => Promise.reject(new DriverFault('NotFound', 'the upload is gone')),
      }),
    });
    let token = '';
    await errorOf(backend.uploadFile('a', path, { ...small, onToken: (given) => (token = given) }));
    const saved = await backend.uploadFile('a', path, { ...small, resume: token });
    expect(saved.etag).toBe((await backend.getMetadata('a'))?.etag);
    expect(completes).toBe(1);
  });
});
