import { describe, expect, it, vi } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import type { StorageDriver } from '../../src/driver.ts';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import { breaking, chunked, cutAfter, type Mischief, stalledAfter, type Watch } from './broken-bodies.ts';
import { cut, errorOf, KiB, makeBackend, type Service, someBytes } from './setup.ts';

const size = 200 * KiB;
const bytes = someBytes(size);

interface Broken {
  readonly backend: StorageBackend;
  readonly watch: Watch;
}

async function broken(mischief: Mischief, service: Service = {}, content: Uint8Array = bytes): Promise<Broken> {
  const watch = { opened: 0, open: 0 };
  const { backend } = makeBackend({
    change: breaking(watch, mischief),
    ...service,
    singlePut: { maxSize: 2 ** 40, unknownSize: true },
  });
  await backend.save('a', content);
  return { backend, watch };
}

const onlyFirst =
  (broken: (bytes: Uint8Array) => AsyncIterable<Uint8Array>): Mischief =>
  (all, get) =>
    get === 1 ? broken(all) : undefined;

/** A service whose get answers something else than it was asked. */
function answering(change: (driver: StorageDriver) => StorageDriver['get']): Service {
  return { change: (driver) => ({ get: change(driver) }), singlePut: { maxSize: 2 ** 40, unknownSize: true } };
}

async function saved(service: Service, content = bytes): Promise<StorageBackend> {
  const { backend } = makeBackend(service);
  await backend.save('a', content);
  return backend;
}

describe('a body that is cut', () => {
  it('is resumed at its offset, and is whole', async () => {
    const { backend, watch } = await broken((all, get) => (get <= 4 ? cutAfter(all, 30_500, cut()) : undefined));
    const file = await backend.retrieve('a');
    expect(Buffer.compare(await file.bytes(), bytes)).toBe(0);
    expect(watch).toEqual({ opened: 5, open: 0 });
  });

  it('that ends early without an error is resumed as well', async () => {
    const { backend, watch } = await broken(onlyFirst((all) => chunked(all.subarray(0, 12_345), 1000)));
    expect(Buffer.compare(await (await backend.retrieve('a')).bytes(), bytes)).toBe(0);
    expect(watch).toEqual({ opened: 2, open: 0 });
  });

  it('of a range is resumed within the range', async () => {
    const { backend } = await broken(onlyFirst((all) => cutAfter(all, 50_000, cut())));
    const file = await backend.retrieve('a', { range: { start: 1000, end: 150_000 } });
    expect(Buffer.compare(await file.bytes(), bytes.subarray(1000, 150_000))).toBe(0);
  });

  it('of a small object is resumed before retrieve resolves', async () => {
    const small = someBytes(20_000);
    const { backend, watch } = await broken(
      onlyFirst((all) => cutAfter(all, 5_000, cut())),
      {},
      small,
    );
    const file = await backend.retrieve('a');
    expect(watch).toEqual({ opened: 2, open: 0 });
    expect(Buffer.compare(await file.bytes(), small)).toBe(0);
  });

  it('is given up after four resumes, with the error of the last cut', async () => {
    const { backend, watch } = await broken((all) => cutAfter(all, 1000, cut()));
    const file = await backend.retrieve('a');
    expect(await errorOf(file.bytes())).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
    expect(watch).toEqual({ opened: 5, open: 0 });
  });

  it('that is always short is LengthMismatch, never a short file', async () => {
    const { backend } = await broken((all) => chunked(all.subarray(0, 1000), 1000));
    expect((await errorOf((await backend.retrieve('a')).bytes())).code).toBe('LengthMismatch');
  });

  it('is not resumed for an error that no other connection mends', async () => {
    const { backend, watch } = await broken((all) => cutAfter(all, 1000, new DriverFault('Corrupted', 'bad sector')));
    expect((await errorOf((await backend.retrieve('a')).bytes())).code).toBe('Corrupted');
    expect(watch.opened).toBe(1);
  });

  it('of an object that changed is PreconditionFailed: versions are never mixed', async () => {
    const { backend } = await broken(onlyFirst((all) => cutAfter(all, 50_000, cut())));
    const file = await backend.retrieve('a');
    await backend.save('a', someBytes(size).reverse());
    expect((await errorOf(file.bytes())).code).toBe('PreconditionFailed');
  });

  it('of an object that changed is PreconditionFailed even if the service ignores the condition', async () => {
    const watch = { opened: 0, open: 0 };
    const { backend } = makeBackend({
      singlePut: { maxSize: 2 ** 40, unknownSize: true },
      change: (driver) =>
        breaking(
          watch,
          onlyFirst((all) => cutAfter(all, 50_000, cut())),
        )({
          ...driver,
          get: ({ ifMatch: _, ...request }, context) => driver.get(request, context),
        }),
    });
    await backend.save('a', bytes);
    const file = await backend.retrieve('a');
    await backend.save('a', someBytes(size).reverse());
    expect((await errorOf(file.bytes())).code).toBe('PreconditionFailed');
    expect(watch.open).toBe(0);
  });

  it('of a version goes on with that version', async () => {
    const { backend } = await broken((all, get) => (get === 1 ? cutAfter(all, 50_000, cut()) : undefined));
    const { versionId } = (await backend.getMetadata('a'))!;
    const file = await backend.retrieve('a', { versionId: versionId! });
    await backend.save('a', 'something else');
    expect(Buffer.compare(await file.bytes(), bytes)).toBe(0);
  });
});

describe('a service that answers wrongly', () => {
  it('with more bytes than announced is LengthMismatch, and no byte too many is given out', async () => {
    for (const extra of [1, 5_000]) {
      const { backend } = await broken((all) => chunked(Buffer.concat([all, someBytes(extra)]), 1000));
      let received = 0;
      const read = async (): Promise<void> => {
        for await (const chunk of await backend.retrieve('a')) received += chunk.byteLength;
      };
      expect((await errorOf(read())).code).toBe('LengthMismatch');
      expect(received).toBeLessThan(size);
    }
  });

  it('with the whole object where a range was asked for is detected', async () => {
    const backend = await saved(
      answering(
        (driver) =>
          ({ range: _, ...request }, context) =>
            driver.get(request, context),
      ),
    );
    expect((await errorOf(backend.retrieve('a', { range: { start: 5, end: 10 } }))).code).toBe('Corrupted');
    expect((await errorOf(backend.retrieve('a', { range: { suffix: 10 } }))).code).toBe('Corrupted');
  });

  it('with another range on a resume is detected', async () => {
    let gets = 0;
    const backend = await saved(
      answering((driver) => async (request, context) => {
        const response = await driver.get(request, context);
        gets += 1;
        if (gets > 1) return { ...response, range: { start: 0, end: size } };
        return {
          ...response,
          body: { [Symbol.asyncIterator]: () => cutAfter(bytes, 1000, cut()), cancel: async () => undefined },
        };
      }),
    );
    expect((await errorOf((await backend.retrieve('a')).bytes())).code).toBe('Corrupted');
  });

  it('with bytes of another length than it says is detected', async () => {
    const backend = await saved(
      answering((driver) => async (request, context) => ({
        ...(await driver.get(request, context)),
        body: bytes.subarray(1),
      })),
    );
    expect((await errorOf(backend.retrieve('a'))).code).toBe('LengthMismatch');
  });

  const flipped = (all: Uint8Array): Uint8Array => {
    const wrong = new Uint8Array(all);
    wrong[100]! ^= 1;
    return wrong;
  };

  it.each([1, 64 * KiB, 64 * KiB + 1, size])(
    'with wrong bytes is ChecksumMismatch at the end of a body of %i bytes',
    async (length) => {
      const content = someBytes(Math.max(length, 101)).subarray(0, Math.max(length, 101));
      const { backend } = await broken((all) => chunked(flipped(all), 1000), {}, content);
      expect((await errorOf((await backend.retrieve('a')).bytes())).code).toBe('ChecksumMismatch');
      let received = 0;
      const stream = async (): Promise<void> => {
        for await (const chunk of (await backend.retrieve('a')).stream()) received += chunk.byteLength;
      };
      expect((await errorOf(stream())).code).toBe('ChecksumMismatch');
      expect(received).toBeLessThan(content.byteLength);
    },
  );

  it("with wrong bytes is not noticed in a range, or with integrity 'none'", async () => {
    const { backend } = await broken((all) => chunked(flipped(all), 1000));
    expect((await (await backend.retrieve('a', { integrity: 'none' })).bytes()).byteLength).toBe(size);
    expect((await (await backend.retrieve('a', { range: { start: 1 } })).bytes()).byteLength).toBe(size - 1);
  });
});

describe('a reader that waits', () => {
  it('for a service that sends nothing gets Timeout, and the connection is freed', async () => {
    const { backend, watch } = await broken((all) => stalledAfter(all, 5_000), {
      settings: { idleTimeoutMs: 40, retry: false },
    });
    const file = await backend.retrieve('a');
    expect(await errorOf(file.bytes())).toMatchObject({ code: 'Timeout', retryable: 'safe' });
    expect(watch).toEqual({ opened: 1, open: 0 });
  });

  it('for nothing itself, between pulls, never times out', async () => {
    const { backend, watch } = await broken(() => undefined, { settings: { idleTimeoutMs: 20, retry: false } });
    let received = 0;
    for await (const chunk of await backend.retrieve('a')) {
      received += chunk.byteLength;
      if (received % 40_000 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(received).toBe(size);
    expect(watch.opened).toBe(1);
  });

  it.each(['while a reader waits', 'between pulls', 'before the first pull'])(
    'and whose call is aborted %s gets Aborted',
    async (when) => {
      const controller = new AbortController();
      const { backend, watch } = await broken((all) => stalledAfter(all, 5_000));
      const file = await backend.retrieve('a', { signal: controller.signal });
      const chunks = file[Symbol.asyncIterator]();
      const pulls = { 'while a reader waits': 6, 'between pulls': 2, 'before the first pull': 0 }[when]!;
      let last: Promise<unknown> = Promise.resolve();
      for (let i = 0; i < pulls; i++) {
        last = chunks.next();
        if (i < 5) await last;
      }
      controller.abort(new Error('enough'));
      const error = await errorOf(when === 'while a reader waits' ? last : chunks.next());
      expect(error).toMatchObject({ code: 'Aborted', cause: expect.objectContaining({ message: 'enough' }) });
      expect(watch.open).toBe(0);
    },
  );

  it('is not bound by the deadline of the call that opened the file', async () => {
    const { backend } = await broken(onlyFirst((all) => cutAfter(all, 100_000, cut())));
    const file = await backend.retrieve('a', { timeoutMs: 30 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(Buffer.compare(await file.bytes(), bytes)).toBe(0);
  });
});

describe('a body that nobody pulls from', () => {
  it('gives its connection back after 10 s, and goes on where it was on the next pull', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { backend, watch } = await broken(() => undefined);
      const chunks = (await backend.retrieve('a'))[Symbol.asyncIterator]();
      const first = await chunks.next();
      expect(watch).toEqual({ opened: 1, open: 1 });
      await vi.advanceTimersByTimeAsync(9_999);
      expect(watch.open).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(watch).toEqual({ opened: 1, open: 0 });
      const received = [first.value!];
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) received.push(next.value);
      expect(Buffer.compare(Buffer.concat(received), bytes)).toBe(0);
      expect(watch).toEqual({ opened: 2, open: 0 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps its connection as long as somebody pulls now and then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { backend, watch } = await broken(() => undefined);
      const chunks = (await backend.retrieve('a'))[Symbol.asyncIterator]();
      for (let i = 0; i < 5; i++) {
        await chunks.next();
        await vi.advanceTimersByTimeAsync(8_000);
      }
      expect(watch).toEqual({ opened: 1, open: 1 });
      await chunks.return?.();
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives it back at once when too many wait, and all 200 can still be read', async () => {
    const { backend, watch } = await broken(() => undefined);
    const files = [];
    for (let i = 0; i < 200; i++) files.push(await backend.retrieve('a'));
    expect(watch.open).toBeLessThanOrEqual(32);
    for (const file of files) expect(Buffer.compare(await file.bytes(), bytes)).toBe(0);
    expect(watch.open).toBe(0);
  });

  it('holds no connection at all when it is small', async () => {
    const { backend, watch } = await broken(() => undefined, {}, someBytes(64 * KiB));
    await backend.retrieve('a');
    expect(watch).toEqual({ opened: 1, open: 0 });
  });
});

describe('a range', () => {
  const cases: [object, [start: number, end: number]][] = [
    [{ start: 0 }, [0, size]],
    [{ start: 5, end: 10 }, [5, 10]],
    [{ start: 5, length: 10 }, [5, 15]],
    [{ start: size - 1 }, [size - 1, size]],
    [{ start: 5, end: size + 100 }, [5, size]],
    [{ start: 5, length: Number.MAX_SAFE_INTEGER }, [5, size]],
    [{ suffix: 7 }, [size - 7, size]],
    [{ suffix: size + 1 }, [0, size]],
    [{ start: 5, end: 5 }, [5, 5]],
    [{ start: 5, length: 0 }, [5, 5]],
    [{ suffix: 0 }, [size, size]],
  ];
  it.each(cases)('%j reads and reports the bytes it names, and the full size', async (range, [start, end]) => {
    const backend = await saved({ singlePut: { maxSize: 2 ** 40, unknownSize: true } });
    const file = await backend.retrieve('a', { range: range as never });
    expect(file).toMatchObject({ range: { start, end }, size });
    expect(Buffer.compare(await file.bytes(), bytes.subarray(start, end))).toBe(0);
  });

  it.each([{ start: size }, { start: size + 5 }, { start: size, length: 0 }])(
    '%j starts at or past the end: InvalidRange',
    async (range) => {
      const backend = await saved({ singlePut: { maxSize: 2 ** 40, unknownSize: true } });
      expect((await errorOf(backend.retrieve('a', { range }))).code).toBe('InvalidRange');
    },
  );

  it.each([
    { start: 0 },
    { start: 5 },
    { start: 2 ** 40, length: 3 },
    { suffix: 3 },
    { suffix: 0 },
    { start: 0, end: 0 },
  ])('%j of an empty object is empty', async (range) => {
    const { backend } = makeBackend();
    await backend.save('a', '');
    const file = await backend.retrieve('a', { range });
    expect(file).toMatchObject({ range: { start: 0, end: 0 }, size: 0 });
    expect((await file.bytes()).byteLength).toBe(0);
  });

  it('that is empty honours conditions, and is NotFound where there is no object', async () => {
    const backend = await saved({});
    const range = { start: 0, end: 0 };
    expect((await errorOf(backend.retrieve('b', { range }))).code).toBe('NotFound');
    expect((await errorOf(backend.retrieve('a', { range, ifMatch: '"other"' }))).code).toBe('PreconditionFailed');
    const { lastModified, etag } = (await backend.getMetadata('a'))!;
    expect((await errorOf(backend.retrieve('a', { range, ifNoneMatch: etag }))).code).toBe('NotModified');
    expect((await errorOf(backend.retrieve('a', { range, ifModifiedSince: lastModified }))).code).toBe('NotModified');
    const earlier = new Date(lastModified.getTime() - 2_000);
    expect((await errorOf(backend.retrieve('a', { range, ifUnmodifiedSince: earlier }))).code).toBe(
      'PreconditionFailed',
    );
    expect((await backend.retrieve('a', { range, ifModifiedSince: earlier })).size).toBe(size);
  });
});

describe('progress of a read', () => {
  it.each([1000, size])('ends with all of %i bytes', async (length) => {
    const seen: unknown[] = [];
    const { backend } = await broken(() => undefined, {}, someBytes(length));
    await (await backend.retrieve('a', { onProgress: (progress) => seen.push(progress) })).bytes();
    expect(seen.at(-1)).toEqual({ doneBytes: length, totalBytes: length });
  });
});
