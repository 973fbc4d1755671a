import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import type { BodyStream, DriverRange } from '../../src/driver.ts';
import { DriverFault } from '../../src/errors/driver-fault.ts';
import { breaking, chunked, cutAfter, type Watch } from './broken-bodies.ts';
import { cut, errorOf, KiB, makeBackend, someBytes } from './setup.ts';

const partSize = 16 * KiB;
const size = 200 * KiB + 5;
const bytes = someBytes(size);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-file-'));
  path = join(folder, 'file');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Remote {
  readonly backend: StorageBackend;
  readonly watch: Watch;
  readonly ranges: (DriverRange | undefined)[];
  /** How the next gets break; changed by a test. */
  mischief: (all: Uint8Array, get: number) => AsyncIterable<Uint8Array> | undefined;
}

async function remote(content: Uint8Array = bytes): Promise<Remote> {
  const watch = { opened: 0, open: 0 };
  const ranges: (DriverRange | undefined)[] = [];
  const { backend } = makeBackend({
    singlePut: { maxSize: 2 ** 40, unknownSize: true },
    settings: { retry: false },
    change: (driver) =>
      breaking(watch, (all, get) => made.mischief(all, get))({
        ...driver,
        get: (request, context) => {
          ranges.push(request.range);
          return driver.get(request, context);
        },
      }),
  });
  const made: Remote = { backend, watch, ranges, mischief: () => undefined };
  await backend.save('a', content);
  return made;
}

async function expectFile(content: Uint8Array = bytes): Promise<void> {
  expect(Buffer.compare(await readFile(path), content)).toBe(0);
  expect(await readdir(folder)).toEqual(['file']);
}

async function* slowly(all: Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunked(all, 4 * KiB)) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    yield chunk;
  }
}

describe('a download to disk', () => {
  it.each([0, 1, partSize - 1, partSize, partSize + 1, 64 * KiB, 64 * KiB + 1, size])(
    'of %i bytes is the object, with its info',
    async (length) => {
      const content = someBytes(length);
      for (const options of [{}, { concurrency: 1 }, { concurrency: 3 }]) {
        const { backend, watch } = await remote(content);
        const seen: unknown[] = [];
        const info = await backend.downloadFile('a', path, {
          partSize,
          ...options,
          onProgress: (progress) => seen.push(progress),
        });
        expect(info).toEqual(await backend.getMetadata('a'));
        await expectFile(content);
        expect(seen.at(-1)).toEqual({ doneBytes: length, totalBytes: length });
        expect(watch.open).toBe(0);
      }
    },
  );

  it('is one stream when the connection is fast', async () => {
    const { backend, ranges } = await remote();
    await backend.downloadFile('a', path, { partSize });
    expect(ranges).toEqual([undefined]);
    await expectFile();
  });

  it('takes ranges from the end beside a slow stream', async () => {
    const remoteFile = await remote();
    remoteFile.mischief = (all) => slowly(all);
    await remoteFile.backend.downloadFile('a', path, { partSize });
    expect(remoteFile.ranges.length).toBeGreaterThan(4);
    expect(remoteFile.ranges[1]).toEqual({ start: 12 * partSize, end: size });
    expect(remoteFile.watch.open).toBe(0);
    await expectFile();
  });

  it('resumes connections that are cut', async () => {
    const remoteFile = await remote();
    remoteFile.mischief = (all, get) => (get <= 3 ? cutAfter(all, 5_000, cut()) : undefined);
    await remoteFile.backend.downloadFile('a', path, { partSize, concurrency: 3 });
    await expectFile();
  });

  it('of an object that changes meanwhile is PreconditionFailed, and leaves nothing', async () => {
    const { backend, ...rest } = await remote();
    let isChanged = false;
    const changing = backend.with((driver) => ({
      ...driver,
      get: async (request, context) => {
        if (request.range !== undefined && !isChanged) {
          isChanged = true;
          await backend.save('a', someBytes(size).reverse());
        }
        return driver.get(request, context);
      },
    }));
    expect((await errorOf(changing.downloadFile('a', path, { partSize, concurrency: 3 }))).code).toBe(
      'PreconditionFailed',
    );
    expect(await readdir(folder)).toEqual([]);
    expect(rest.watch.open).toBe(0);
  });

  it.each([1, 3])('of wrong bytes is ChecksumMismatch, and leaves nothing (%i lanes)', async (concurrency) => {
    const remoteFile = await remote();
    remoteFile.mischief = (all) => {
      const wrong = new Uint8Array(all);
      wrong[3]! ^= 1;
      return chunked(wrong, 1000);
    };
    const { backend } = remoteFile;
    expect((await errorOf(backend.downloadFile('a', path, { partSize, concurrency }))).code).toBe('ChecksumMismatch');
    expect(await readdir(folder)).toEqual([]);
    await backend.downloadFile('a', path, { partSize, concurrency, integrity: 'none' });
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('begins no other range when one has failed for good', async () => {
    const remoteFile = await remote();
    remoteFile.mischief = (all, get) =>
      get === 2 ? cutAfter(all, 0, new DriverFault('Corrupted', 'bad sector')) : slowly(all);
    const { backend, ranges } = remoteFile;
    expect((await errorOf(backend.downloadFile('a', path, { partSize, concurrency: 3 }))).code).toBe('Corrupted');
    const asked = ranges.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(ranges.length).toBe(asked);
    expect(remoteFile.watch.open).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that fails leaves the file that was there', async () => {
    await writeFile(path, 'before');
    const { backend } = await remote();
    expect((await errorOf(backend.downloadFile('b', path))).code).toBe('NotFound');
    expect((await errorOf(backend.downloadFile('a', path, { ifMatch: '"other"' }))).code).toBe('PreconditionFailed');
    expect(await readFile(path, 'utf8')).toBe('before');
  });

  it('to where no file can be is InvalidArgument', async () => {
    const { backend, watch } = await remote();
    for (const target of [join(folder, 'no', 'folder'), folder]) {
      expect((await errorOf(backend.downloadFile('a', target, { partSize }))).code).toBe('InvalidArgument');
    }
    expect(watch.open).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that is aborted rejects at once', async () => {
    const controller = new AbortController();
    const remoteFile = await remote();
    remoteFile.mischief = (all) => slowly(all);
    setTimeout(() => controller.abort(new Error('enough')), 60);
    const begun = performance.now();
    const downloading = remoteFile.backend.downloadFile('a', path, {
      partSize,
      signal: controller.signal,
      resume: false,
    });
    expect((await errorOf(downloading)).code).toBe('Aborted');
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(remoteFile.watch.open).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });
});

/** Reads up to 5,000 bytes at a time to where core says. */
type Read = (target: Uint8Array, given: number) => Promise<number> | undefined;

async function readingRemote(
  misread: Read = () => undefined,
): Promise<{ backend: StorageBackend; memories: Set<ArrayBufferLike>; freed: () => number }> {
  const memories = new Set<ArrayBufferLike>();
  let freed = 0;
  const { backend } = makeBackend({
    singlePut: { maxSize: 2 ** 40, unknownSize: true },
    settings: { idleTimeoutMs: 100 },
    change: (driver) => ({
      async get(request, context) {
        const response = await driver.get(request, context);
        const { start, end } = response.range;
        let given = start;
        const body: BodyStream = {
          [Symbol.asyncIterator]: () => {
            throw new Error('a body that is read is not iterated');
          },
          read(target) {
            // Where only the end is expected, one byte is asked for.
            if (target.byteLength > 1) memories.add(target.buffer);
            const wrong = misread(target, given);
            if (wrong !== undefined) {
              return wrong.then((count) => {
                given += count;
                return count;
              });
            }
            const some = bytes.subarray(given, Math.min(end, given + 5_000, given + target.byteLength));
            target.set(some);
            given += some.byteLength;
            return Promise.resolve(some.byteLength);
          },
          cancel: async () => {
            freed += 1;
          },
        };
        return { ...response, body };
      },
    }),
  });
  await backend.save('a', bytes);
  return { backend, memories, freed: () => freed };
}

describe('a download from a driver that reads to where it is told', () => {
  it.each([{ partSize }, { partSize, concurrency: 3 }, { partSize: 2 * size }])(
    'is the object (%o)',
    async (options) => {
      const { backend, freed } = await readingRemote();
      await backend.downloadFile('a', path, options);
      await expectFile();
      expect(freed()).toBeGreaterThan(0);
    },
  );

  it('uses the same memory again', async () => {
    const { backend, memories } = await readingRemote();
    for (let n = 0; n < 3; n++) await backend.downloadFile('a', path, { partSize: 2 * size });
    await expectFile();
    expect(memories.size).toBeLessThanOrEqual(2);
  });

  it('resumes where it was cut', async () => {
    let cuts = 0;
    const { backend } = await readingRemote((_target, given) =>
      given === 20_000 && cuts++ < 2 ? Promise.reject(cut()) : undefined,
    );
    await backend.downloadFile('a', path, { partSize: 2 * size });
    expect(cuts).toBe(3);
    await expectFile();
  });

  it.each([
    ['short', 'LengthMismatch', () => Promise.resolve(0)],
    ['wrong', 'ChecksumMismatch', (target: Uint8Array) => Promise.resolve(target.fill(7, 0, 5_000).length && 5_000)],
  ])('that gives something %s is %s, and leaves nothing', async (_what, code, misread) => {
    const { backend } = await readingRemote((target, given) => (given === 20_000 ? misread(target) : undefined));
    const error = await errorOf(backend.downloadFile('a', path, { partSize: 2 * size, resume: false }));
    expect(error.code).toBe(code);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not spoilt by a read that comes after it was given up', async () => {
    let late: (() => void) | undefined;
    const { backend } = await readingRemote((target, given) => {
      // The next download is past the place where the first one hangs.
      if (late !== undefined && given === 40_000) late();
      if (late !== undefined || given !== 20_000) return undefined;
      return new Promise((resolve) => {
        late = () => {
          target.fill(0xff);
          resolve(target.byteLength);
        };
      });
    });
    const error = await errorOf(backend.downloadFile('a', path, { partSize: 2 * size }));
    expect(error.code).toBe('Timeout');
    await backend.downloadFile('a', path, { partSize: 2 * size });
    await expectFile();
  });
});

describe('a long download', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('notes now and then what it has, for when its process is killed, and leaves no note in the end', async () => {
    const { backend } = await remote();
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 6_000));
    const notes: { done: number[] }[] = [];
    await backend.downloadFile('a', path, {
      partSize,
      concurrency: 1,
      onProgress: () => {
        const note = readdirSync(folder).find(
          (name) => name.endsWith('.json') && name.length === 'file..part.json'.length + 16,
        );
        if (note !== undefined) notes.push(JSON.parse(readFileSync(join(folder, note), 'utf8')) as { done: number[] });
      },
    });
    expect(notes.at(-1)?.done.length).toBeGreaterThan(5);
    await expectFile();
  });
});

describe('a download that was cut', () => {
  /** Cut for good after some of the 13 parts. */
  async function interrupted(options: object = {}): Promise<Remote> {
    const remoteFile = await remote();
    let sent = 0;
    remoteFile.mischief = async function* (all) {
      for await (const chunk of chunked(all, 1000)) {
        sent += chunk.byteLength;
        if (sent > 100_000) throw cut();
        yield chunk;
      }
    };
    const downloading = remoteFile.backend.downloadFile('a', path, { partSize, concurrency: 2, ...options });
    expect((await errorOf(downloading)).code).toBe('Unavailable');
    remoteFile.mischief = () => undefined;
    remoteFile.ranges.length = 0;
    return remoteFile;
  }
  const names = async (): Promise<string[]> =>
    (await readdir(folder)).map((name) => name.replace(/[0-9a-f]{12,16}/, '*'));

  it('goes on, and fetches only the parts that are missing', async () => {
    const { backend, ranges } = await interrupted();
    expect(await names()).toEqual(expect.arrayContaining(['file.*.part', 'file.*.part.json']));
    expect(await names()).toHaveLength(2);
    const seen: number[] = [];
    await backend.downloadFile('a', path, { partSize, onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    await expectFile();
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges.length).toBeLessThan(13);
    expect(seen[0]).toBeGreaterThan(2 * partSize);
    expect(seen.at(-1)).toBe(size);
  });

  it('and cut again goes on from there', async () => {
    const remoteFile = await interrupted();
    remoteFile.mischief = (_all, get) => (get % 2 === 0 ? chunked(new Uint8Array(0), 1) : undefined);
    await remoteFile.backend.downloadFile('a', path).catch(() => undefined);
    remoteFile.mischief = () => undefined;
    await remoteFile.backend.downloadFile('a', path);
    await expectFile();
  });

  it('begins anew when the object is another one now', async () => {
    const { backend } = await interrupted();
    const other = someBytes(size).reverse();
    await backend.save('a', other);
    await backend.downloadFile('a', path, { partSize });
    await expectFile(other);
  });

  it('begins anew when what it left cannot be used', async () => {
    const damages: ((names: string[]) => Promise<unknown>)[] = [
      ([data]) => rm(join(folder, data!)),
      ([data]) => writeFile(join(folder, data!), 'short'),
      ([, state]) => writeFile(join(folder, state!), '{'),
      ([, state]) => writeFile(join(folder, state!), JSON.stringify({ version: 1, data: '../../etc/passwd' })),
    ];
    for (const damage of damages) {
      const { backend } = await interrupted();
      await damage(
        (await readdir(folder))
          .filter((name) => name.includes('.part'))
          .toSorted((a, b) => Number(a.endsWith('json')) - Number(b.endsWith('json'))),
      );
      await backend.downloadFile('a', path, { partSize });
      expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
      await rm(folder, { recursive: true });
      folder = await mkdtemp(join(tmpdir(), 'download-file-'));
      path = join(folder, 'file');
    }
  });

  it('verifies the whole file in the end, what was there before included', async () => {
    const { backend } = await interrupted();
    const data = (await readdir(folder)).find((name) => name.endsWith('.part'))!;
    const wrong = await readFile(join(folder, data));
    wrong[3]! ^= 1;
    await writeFile(join(folder, data), wrong);
    expect((await errorOf(backend.downloadFile('a', path, { partSize }))).code).toBe('ChecksumMismatch');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing with resume: false', async () => {
    await interrupted({ resume: false });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when the bytes were found wrong', async () => {
    const remoteFile = await remote();
    remoteFile.mischief = (all, get) =>
      get === 1 ? cutAfter(all, 100_000, new DriverFault('Corrupted', 'bad sector')) : undefined;
    expect((await errorOf(remoteFile.backend.downloadFile('a', path, { partSize }))).code).toBe('Corrupted');
    expect(await readdir(folder)).toEqual([]);
  });
});
