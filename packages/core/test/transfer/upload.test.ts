import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createDigest } from '../../src/checksum.ts';
import type { MultipartMember, PutPartRequest } from '../../src/driver.ts';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import type { Progress } from '../../src/options.ts';
import { cut, errorOf, expectStored, KiB, leftovers, makeBackend, someBytes, streamOf } from './setup.ts';

const partSize = 16 * KiB;
const small = { partSize, concurrency: 3 };
const limit = 64 * KiB;

/** Sizes at which something changes, for a limit of 64 KiB on one request and parts of 16 KiB. */
const sizes = [
  0,
  1,
  partSize - 1,
  partSize,
  partSize + 1,
  2 * partSize,
  2 * partSize + 1,
  limit - 1,
  limit,
  limit + 1,
  limit * 3 + 5,
];

const kinds: [string, (bytes: Uint8Array<ArrayBuffer>) => { body: never; size?: number }][] = [
  ['bytes', (bytes) => ({ body: bytes as never })],
  ['an array of chunks', (bytes) => ({ body: [bytes.subarray(0, 100), bytes.subarray(100)] as never })],
  ['a Blob', (bytes) => ({ body: new Blob([bytes]) as never })],
  ['a stream', (bytes) => ({ body: streamOf(bytes) as never })],
  ['a stream of known size', (bytes) => ({ body: streamOf(bytes) as never, size: bytes.byteLength })],
  ['a Node stream', (bytes) => ({ body: Readable.from(streamOf(bytes)) as never })],
  ['a function', (bytes) => ({ body: (() => streamOf(bytes)) as never })],
  ['a function of known size', (bytes) => ({ body: (() => streamOf(bytes)) as never, size: bytes.byteLength })],
];

function md5(bytes: Uint8Array): { algorithm: 'md5'; value: string } {
  const digest = createDigest('md5');
  digest.update(bytes);
  return { algorithm: 'md5', value: digest.hex() };
}

describe('a body of any kind and size', () => {
  describe.each(kinds)('%s', (_kind, make) => {
    it.each(sizes)('of %i bytes is stored with every option', async (size) => {
      const bytes = someBytes(size);
      const { backend, driver } = makeBackend();
      const { body, ...known } = make(bytes);
      const seen: Progress[] = [];
      const saved = await backend.save('a', body, {
        ...small,
        ...known,
        ifAbsent: true,
        maxSize: size,
        checksum: md5(bytes),
        metadata: { jobId: '7' },
        contentType: 'text/x-test',
        tags: { colour: 'red' },
        onProgress: (progress) => seen.push(progress),
      });
      await expectStored(backend, 'a', bytes);
      const info = (await backend.getMetadata('a'))!;
      expect(info).toMatchObject({ size, metadata: { jobId: '7' }, contentType: 'text/x-test', etag: saved.etag });
      expect(saved).toMatchObject({ size, metadata: { jobId: '7' }, versionId: info.versionId });
      expect(await backend.getTags('a')).toEqual({ colour: 'red' });
      expect(seen.at(-1)?.doneBytes).toBe(size);
      expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(
        [...seen.map(({ doneBytes }) => doneBytes)].sort((a, b) => a - b),
      );
      expect(await leftovers(driver)).toBe(0);

      const again = make(bytes);
      const { code } = await errorOf(backend.save('a', again.body, { ...small, ...known, ifAbsent: true }));
      expect(code).toBe('AlreadyExists');
      expect(await leftovers(driver)).toBe(0);
    });

    it.each(sizes)('of %i bytes that is not as declared is refused, and the object stays', async (size) => {
      const bytes = someBytes(size);
      const { backend, driver } = makeBackend();
      await backend.save('a', 'before', { metadata: { kept: 'yes' } });
      const wrong: [object, string][] = [
        [{ size: size + 1 }, 'LengthMismatch'],
        [{ checksum: md5(someBytes(size + 1)) }, 'ChecksumMismatch'],
      ];
      if (size > 0) wrong.push([{ size: size - 1 }, 'LengthMismatch'], [{ maxSize: size - 1 }, 'LengthMismatch']);
      for (const [options, code] of wrong) {
        const error = await errorOf(backend.save('a', make(bytes).body, { ...small, ...options }));
        expect([error.code, error.retryable]).toEqual([code, 'no']);
      }
      await expectStored(backend, 'a', Buffer.from('before'));
      expect((await backend.getMetadata('a'))?.metadata).toEqual({ kept: 'yes' });
      expect(await leftovers(driver)).toBe(0);
    });
  });
});

describe('one request or parts', () => {
  async function requestsFor(body: unknown, options: object, service = {}): Promise<string[]> {
    const requests: string[] = [];
    const { backend } = makeBackend({
      ...service,
      change: (driver) => ({
        put: (request, context) => {
          requests.push(`put ${String(request.body.size)}`);
          return driver.put(request, context);
        },
      }),
      changeMultipart: (multipart) => ({
        putPart: (request, context) => {
          requests.push(`part ${request.body.size}`);
          return multipart.putPart(request, context);
        },
      }),
    });
    await backend.save('a', body as never, { ...small, ...options });
    return requests.sort();
  }
  const bytes = someBytes(limit);
  const stream = (): unknown => streamOf(bytes);

  it('a body that can be replayed goes with one request up to the limit of the service', async () => {
    expect(await requestsFor(bytes, {})).toEqual([`put ${limit}`]);
    expect(await requestsFor(new Blob([bytes]), {})).toEqual([`put ${limit}`]);
    expect(await requestsFor(stream, { size: limit })).toEqual([`put ${limit}`]);
  });

  it('a bare stream is buffered up to one part, then goes as parts', async () => {
    expect(await requestsFor(streamOf(bytes.subarray(0, partSize)), {})).toEqual([`put ${partSize}`]);
    expect(await requestsFor(streamOf(bytes.subarray(0, partSize + 1)), {})).toEqual(['part 1', `part ${partSize}`]);
    // Up to 64 KiB of known size are taken into memory instead.
    expect(await requestsFor(streamOf(bytes), { size: limit })).toEqual([`put ${limit}`]);
    const service = { singlePut: { maxSize: 2 * limit, unknownSize: false } };
    const larger = someBytes(6 * partSize);
    expect(await requestsFor(streamOf(larger), { size: larger.byteLength }, service)).toEqual(
      Array(6).fill(`part ${partSize}`),
    );
  });

  it('a stream goes straight through where the service takes an unknown size', async () => {
    const service = { singlePut: { maxSize: limit, unknownSize: true } };
    expect(await requestsFor(streamOf(bytes), {}, service)).toEqual(['put undefined']);
    expect(await requestsFor(streamOf(bytes), { size: limit }, service)).toEqual([`put ${limit}`]);
  });

  it('a service without parts takes a stream of known size, and a short one of unknown size', async () => {
    const service = { multipart: false } as const;
    expect(await requestsFor(streamOf(bytes), { size: limit }, service)).toEqual([`put ${limit}`]);
    expect(await requestsFor(streamOf(bytes), {}, service)).toEqual([`put ${limit}`]);
    const { backend } = makeBackend(service);
    expect((await errorOf(backend.save('a', streamOf(someBytes(limit + 1))))).code).toBe('Unsupported');
    expect((await errorOf(backend.save('a', someBytes(limit + 1)))).code).toBe('Unsupported');
    expect(await backend.exists('a')).toBe(false);
  });

  it('a condition that parts would not enforce is Unsupported beyond one request, and honoured up to it', async () => {
    const { backend, driver } = makeBackend({ multipart: { conditionalComplete: false } });
    await backend.save('known', streamOf(bytes), { ...small, size: limit, ifAbsent: true });
    await expectStored(backend, 'known', bytes);
    expect((await errorOf(backend.save('known', streamOf(bytes), { size: limit, ifAbsent: true }))).code).toBe(
      'AlreadyExists',
    );
    for (const body of [someBytes(limit + 1), streamOf(someBytes(limit + 1))]) {
      expect((await errorOf(backend.save('a', body, { ...small, ifAbsent: true }))).code).toBe('Unsupported');
    }
    expect(await backend.exists('a')).toBe(false);
    expect(await leftovers(driver)).toBe(0);
  });
});

describe('memory', () => {
  it('holds at most part size times concurrency of a stream, however slow the service is', async () => {
    let drawn = 0;
    let stored = 0;
    let most = 0;
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        async putPart(request, context) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          const receipt = await multipart.putPart(request, context);
          stored += receipt.size;
          return receipt;
        },
      }),
    });
    async function* source(): AsyncGenerator<Uint8Array> {
      for await (const chunk of streamOf(someBytes(1024 * KiB), 1000)) {
        drawn += chunk.byteLength;
        most = Math.max(most, drawn - stored);
        yield chunk;
      }
    }
    await backend.save('a', source(), { partSize, concurrency: 3 });
    await expectStored(backend, 'a', someBytes(1024 * KiB));
    // One chunk may be in hand beside the buffers.
    expect(most).toBeLessThanOrEqual(3 * partSize + 1000);
    expect(most).toBeGreaterThan(2 * partSize);
  });

  it('sends as many parts at once as asked for, and reuses their buffers', async () => {
    let atOnce = 0;
    let most = 0;
    const buffers = new Set<ArrayBufferLike>();
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        async putPart(request, context) {
          most = Math.max(most, ++atOnce);
          buffers.add(request.body.pieces![0]!.buffer);
          await new Promise((resolve) => setTimeout(resolve, 5));
          atOnce -= 1;
          return multipart.putPart(request, context);
        },
      }),
    });
    await backend.save('a', streamOf(someBytes(512 * KiB)), { partSize, concurrency: 4 });
    expect(most).toBe(4);
    expect(buffers.size).toBe(4);
  });

  it('never writes into a buffer that an attempt which was given up may still be sending', async () => {
    const zombies: { request: PutPartRequest; before: string }[] = [];
    const read = (request: PutPartRequest): string => Buffer.concat(request.body.pieces!).toString('base64');
    const { backend } = makeBackend({
      settings: { idleTimeoutMs: 40, retry: { baseDelayMs: 1 } },
      changeMultipart: (multipart) => ({
        putPart(request, context) {
          if (request.partNumber % 2 === 0 || context.attempt > 1) return multipart.putPart(request, context);
          zombies.push({ request, before: read(request) });
          return new Promise<never>(() => undefined);
        },
      }),
    });
    await backend.save('a', streamOf(someBytes(256 * KiB)), { partSize, concurrency: 2 });
    await expectStored(backend, 'a', someBytes(256 * KiB));
    expect(zombies.length).toBe(8);
    for (const { request, before } of zombies) expect(read(request)).toBe(before);
  });
});

describe('failures', () => {
  const whole = someBytes(limit * 4);

  it.each(['in the first part', 'in a later part'])(
    'a source that fails %s surfaces with its cause and leaves nothing',
    async (where) => {
      const { backend, driver } = makeBackend();
      const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield whole.subarray(0, where === 'in a later part' ? 3 * partSize : 10);
        throw cause;
      }
      const error = await errorOf(backend.save('a', broken(), small));
      expect(error).toMatchObject({ code: 'Unknown', retryable: 'no', cause });
      expect(await backend.exists('a')).toBe(false);
      expect(await leftovers(driver)).toBe(0);
    },
  );

  it('a source that fails while one request sends it is not blamed on the service', async () => {
    const put = vi.fn();
    const { backend } = makeBackend({
      singlePut: { maxSize: 2 ** 40, unknownSize: true },
      change: (driver) => ({
        put: async (request, context) => {
          put();
          // Such as an SDK does: the error of the stream becomes one of the connection.
          return driver.put(request, context).catch(() => Promise.reject(cut('ambiguous')));
        },
      }),
    });
    const cause = new Error('camera unplugged');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield whole;
      throw cause;
    }
    expect(await errorOf(backend.save('a', () => broken()))).toMatchObject({ code: 'Unknown', retryable: 'no', cause });
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('a part that fails for good aborts the upload, stops the source and surfaces', async () => {
    const stopped = vi.fn();
    const { backend, driver } = makeBackend({
      changeMultipart: (multipart) => ({
        putPart: (request, context) =>
          request.partNumber === 3
            ? Promise.reject(new DriverFault('QuotaExceeded', 'the disk is full'))
            : multipart.putPart(request, context),
      }),
    });
    const error = await errorOf(backend.save('a', streamOf(whole, 777, stopped), small));
    expect(error).toMatchObject({ code: 'QuotaExceeded', retryable: 'no' });
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledTimes(1));
    expect(await leftovers(driver)).toBe(0);
    expect(await backend.exists('a')).toBe(false);
  });

  it('parts, create and complete are retried, and the body is read once', async () => {
    const failing = new Map<string, number>();
    const sometimes = <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const times = (failing.get(name) ?? 0) + 1;
      failing.set(name, times);
      return times <= 2 ? Promise.reject(cut()) : work();
    };
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        create: (request, context) => sometimes('create', () => multipart.create(request, context)),
        putPart: (request, context) =>
          sometimes(`part ${request.partNumber}`, () => multipart.putPart(request, context)),
        complete: (request, context) => sometimes('complete', () => multipart.complete(request, context)),
      }),
    });
    await backend.save('a', streamOf(whole), small);
    await expectStored(backend, 'a', whole);
    expect([...failing.values()].every((times) => times === 3)).toBe(true);
  });

  it('a request whose body cannot be read again is not repeated, unless nobody has read of it', async () => {
    for (const readsFirst of [true, false]) {
      const put = vi.fn();
      const { backend } = makeBackend({
        singlePut: { maxSize: 2 ** 40, unknownSize: true },
        change: (driver) => ({
          put: async (request, context) => {
            put();
            if (context.attempt > 1) return driver.put(request, context);
            if (readsFirst) await request.body.open()[Symbol.asyncIterator]().next();
            throw cut();
          },
        }),
      });
      const saving = backend.save('a', streamOf(whole));
      if (readsFirst) expect((await errorOf(saving)).code).toBe('Unavailable');
      else await saving;
      expect(put).toHaveBeenCalledTimes(readsFirst ? 1 : 2);
    }
  });

  it('a function is asked again for each attempt', async () => {
    const open = vi.fn(() => streamOf(whole));
    const { backend } = makeBackend({
      singlePut: { maxSize: 2 ** 40, unknownSize: true },
      change: (driver) => ({
        put: async (request, context) => {
          if (context.attempt > 2) return driver.put(request, context);
          for await (const chunk of request.body.open()) if (chunk.byteLength > 0) break;
          throw cut();
        },
      }),
    });
    await backend.save('a', open);
    await expectStored(backend, 'a', whole);
    expect(open).toHaveBeenCalledTimes(3);
  });

  it('an answer of complete that is lost is found by its token, and is no failure of the condition', async () => {
    const { backend } = makeBackend({
      changeMultipart: (multipart) => ({
        async complete(request, context) {
          if (context.attempt > 1) throw new DriverFault('NotFound', 'the upload is gone');
          await multipart.complete(request, context);
          throw cut('ambiguous');
        },
      }),
    });
    const saved = await backend.save('a', streamOf(whole), { ...small, ifAbsent: true });
    expect(saved).toMatchObject({ size: whole.byteLength, etag: (await backend.getMetadata('a'))?.etag });
  });

  it('an answer of complete that is lost is ambiguous when another write is there by now', async () => {
    const { backend } = makeBackend({
      change: (driver) => ({
        head: async (request, context) => ({ ...(await driver.head(request, context)), token: 'of-another' }),
      }),
      changeMultipart: (multipart) => ({
        async complete(request, context) {
          if (context.attempt > 1) throw new DriverFault('NotFound', 'the upload is gone');
          await multipart.complete(request, context);
          throw cut('ambiguous');
        },
      }),
    });
    expect((await errorOf(backend.save('a', streamOf(whole), small))).retryable).toBe('ambiguous');
  });

  it('an answer of a conditional put that is lost is found by its token', async () => {
    const { backend } = makeBackend({
      change: (driver) => ({
        async put(request, context) {
          const response = await driver.put(request, context);
          if (context.attempt === 1) throw cut('ambiguous');
          return response;
        },
      }),
    });
    const saved = await backend.save('a', 'text', { ifAbsent: true });
    expect(saved.etag).toBe((await backend.getMetadata('a'))?.etag);
    expect((await backend.getVersions('a')).length).toBe(1);
  });

  it('only a write that needs it carries a token, and nobody sees it', async () => {
    const tokens: (string | undefined)[] = [];
    const { backend } = makeBackend({
      change: (driver) => ({
        put: (request, context) => {
          tokens.push(request.attributes.token);
          return driver.put(request, context);
        },
      }),
    });
    await backend.save('a', 'text');
    await backend.save('b', 'text', { ifAbsent: true });
    expect(tokens[0]).toBeUndefined();
    expect(tokens[1]).toMatch(/^[\w-]{12}$/);
    expect(JSON.stringify(await backend.getMetadata('b'))).not.toContain(tokens[1]);
  });

  describe('where the first upload to complete wins', () => {
    const loses = (times: number): ((multipart: MultipartMember) => Partial<MultipartMember>) => {
      let left = times;
      return (multipart) => ({
        complete: (request, context) =>
          left-- > 0
            ? Promise.reject(new DriverFault('Conflict', 'the blocks are gone', { retryable: 'safe' }))
            : multipart.complete(request, context),
      });
    };
    const service = (times: number) => ({
      multipart: { concurrent: 'first-complete-wins' as const },
      changeMultipart: loses(times),
    });

    it('the loser sends its parts once more, if it still has them', async () => {
      const { backend, driver } = makeBackend(service(1));
      await backend.save('a', () => streamOf(whole), small);
      await expectStored(backend, 'a', whole);
      expect(await leftovers(driver)).toBe(0);
    });

    it('the loser that has only a stream rejects Conflict, and so does one that loses twice', async () => {
      for (const [body, times] of [
        [streamOf(whole), 1],
        [whole, 2],
      ] as const) {
        const { backend, driver } = makeBackend(service(times));
        expect(await errorOf(backend.save('a', body, small))).toMatchObject({ code: 'Conflict', retryable: 'safe' });
        expect(await backend.exists('a')).toBe(false);
        expect(await leftovers(driver)).toBe(0);
      }
    });
  });
});

describe('an abort', () => {
  const whole = someBytes(limit * 4);

  it('rejects at once with the reason, stops the source, and leaves no part', async () => {
    const controller = new AbortController();
    const stopped = vi.fn();
    const { backend, driver } = makeBackend({
      changeMultipart: (multipart) => ({
        putPart: async (request, context) => {
          if (request.partNumber < 3) return multipart.putPart(request, context);
          await new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
            controller.abort(new Error('the user left'));
          });
          throw new Error('not reached');
        },
      }),
    });
    const begun = performance.now();
    const error = await errorOf(
      backend.save('a', streamOf(whole, 777, stopped), { ...small, signal: controller.signal }),
    );
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(error).toMatchObject({
      code: 'Aborted',
      name: 'AbortError',
      cause: expect.objectContaining({ message: 'the user left' }),
    });
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledTimes(1));
    await vi.waitFor(async () => expect(await leftovers(driver)).toBe(0));
  });

  it.each([false, true])('ends a source that hangs (straight through: %s)', async (unknownSize) => {
    const controller = new AbortController();
    const source = new PassThrough();
    source.write(whole.subarray(0, 3 * partSize));
    const { backend, driver } = makeBackend({ singlePut: { maxSize: 2 ** 40, unknownSize } });
    const saving = backend.save('a', source, { ...small, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 20);
    expect((await errorOf(saving)).code).toBe('Aborted');
    expect(source.destroyed).toBe(true);
    expect(await backend.exists('a')).toBe(false);
    expect(await leftovers(driver)).toBe(0);
  });

  it('a deadline is a Timeout', async () => {
    const { backend } = makeBackend();
    expect((await errorOf(backend.save('a', new PassThrough(), { ...small, timeoutMs: 20 }))).code).toBe('Timeout');
  });
});

describe('a slow source', () => {
  it.each([false, true])('does not run into the idle timeout (straight through: %s)', async (unknownSize) => {
    const { backend } = makeBackend({
      singlePut: { maxSize: 2 ** 40, unknownSize },
      settings: { idleTimeoutMs: 30, retry: false },
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 3; i++) {
        yield someBytes(partSize);
        await new Promise((resolve) => setTimeout(resolve, 70));
      }
    }
    expect((await backend.save('a', slow(), small)).size).toBe(3 * partSize);
  });

  it('of a large body in memory shows its progress', async () => {
    const seen: number[] = [];
    const { backend } = makeBackend({
      change: (driver) => ({
        put: (request, context) =>
          driver.put({ ...request, body: { size: request.body.size, open: () => request.body.open() } }, context),
      }),
      singlePut: { maxSize: 2 ** 40, unknownSize: false },
    });
    await backend.save('a', someBytes(1024 * KiB), { onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(seen).toEqual([256 * KiB, 512 * KiB, 768 * KiB, 1024 * KiB]);
  });
});
