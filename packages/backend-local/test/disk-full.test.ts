import { randomBytes } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isStorageError } from '@storage/core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalBackend } from '../src/index.ts';
import { rootsOf } from '../src/names/place.ts';
import { filesBelow } from './store.ts';
import { mountTmpfs } from './tmpfs.ts';

const MiB = 1024 * 1024;
const diskMiB = 8;
/** More pages than any operation of the matrix needs. */
const mostPages = 24;

const disk = await mountTmpfs('what a full disk refuses', diskMiB);
afterAll(async () => {
  if (!('skipped' in disk)) await disk.unmount();
});

/** Bytes of a few pages. */
const small = randomBytes(10_000);

async function* chunksOf(size: number, chunk = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += chunk) yield Buffer.alloc(Math.min(chunk, size - at), at % 251);
}

interface Operation {
  readonly run: (backend: LocalBackend) => Promise<unknown>;
  /** Whether it can be done without a free byte. */
  readonly needsNone?: boolean;
}

const operations: Readonly<Record<string, Operation>> = {
  'a save of a new key': { run: (backend) => backend.save('new/deep/key', small, { metadata: { is: 'new' } }) },
  'a create-only save': { run: (backend) => backend.save('new', small, { ifAbsent: true }) },
  'a save of an empty body': { run: (backend) => backend.save('new', '') },
  'an overwrite': { run: (backend) => backend.save('old', small, { metadata: { is: 'new' } }) },
  'a stream of unknown size': { run: (backend) => backend.save('old', chunksOf(20_000)) },
  'a copy to a new key': { run: (backend) => backend.copy('other', 'new/copy') },
  'a copy over another key': { run: (backend) => backend.copy('other', 'old') },
  'a move': { run: (backend) => backend.move('other', 'old') },
  'an update of metadata': { run: (backend) => backend.updateMetadata('old', { is: 'new', more: 'x'.repeat(500) }) },
  'an update of the body': { run: (backend) => backend.update('old', () => small) },
  'an upload in parts': { run: upload },
};

const versioned: Readonly<Record<string, Operation>> = {
  'a delete that keeps the old version': { run: (backend) => backend.delete('old') },
  'a final delete of an earlier version': {
    async run(backend) {
      const [, earlier] = await backend.getVersions('old');
      await backend.delete('old', { versionId: earlier?.versionId });
    },
    needsNone: true,
  },
  'a restored version': {
    async run(backend) {
      const earlier = (await backend.getVersions('old')).find(({ isCurrent }) => !isCurrent);
      await backend.restoreVersion('old', earlier?.versionId ?? '');
    },
  },
};

const unversioned: Readonly<Record<string, Operation>> = {
  'a final delete': { run: (backend) => backend.delete('old'), needsNone: true },
  'a final delete by a process that has just begun': { run: deleteAnew, needsNone: true },
};

async function deleteAnew(backend: LocalBackend): Promise<void> {
  const config = { basePath: await backend.native(), versions: false } as const;
  await using anew = new LocalBackend(config);
  await anew.delete('old');
}

async function upload(backend: LocalBackend): Promise<void> {
  const session = await backend.createUpload('old', { metadata: { is: 'new' } });
  try {
    await session.putPart(1, small);
    await session.putPart(2, small);
    await session.complete();
  } catch (error) {
    await session.abort();
    throw error;
  }
}

describe.skipIf('skipped' in disk)('a full disk', () => {
  const folder = 'skipped' in disk ? '' : disk.folder;
  const basePath = join(folder, 'store');
  const filler = join(folder, 'filler');
  let backend: LocalBackend;

  afterEach(async () => {
    await backend.close();
    await rm(basePath, { recursive: true });
    await rm(filler, { force: true });
  });

  describe.each([
    { title: 'with versions', versions: undefined, cases: { ...operations, ...versioned } },
    { title: 'without versions', versions: false as const, cases: { ...operations, ...unversioned } },
  ])('$title', ({ versions, cases }) => {
    beforeEach(async () => {
      backend = new LocalBackend({ basePath, versions });
      await backend.save('old', 'earlier', { metadata: { is: 'earlier' } });
      await backend.save('old', 'what was there', { metadata: { is: 'old' }, contentType: 'text/plain' });
      await backend.save('other', small, { metadata: { is: 'other' } });
    });

    test.each(Object.entries(cases))('%s, with no page free, one, two, …', async (_, { run, needsNone }) => {
      const before = await visible(backend);
      let refused = 0;
      for (let pages = 0; ; pages += 1) {
        expect(pages, 'pages that must be enough').toBeLessThan(mostPages);
        await fill(filler, pages);
        const free = await freeBytes(folder);
        const error = await run(backend).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) break;

        refused += 1;
        const at = `with ${String(pages)} pages free`;
        expect(isStorageError(error) && { code: error.code, retryable: error.retryable }, at).toEqual({
          code: 'QuotaExceeded',
          retryable: 'no',
        });
        expect(await visible(backend), at).toEqual(before);
        expect(await leftBehind(basePath), at).toEqual([]);
        expect(await freeBytes(folder), at).toBe(free);
      }
      expect(refused > 0).toBe(needsNone !== true);
      expect(await visible(backend)).not.toEqual(before);
      expect(await leftBehind(basePath)).toEqual([]);
    });
  });

  describe('a body larger than the disk', () => {
    const large = (diskMiB + 4) * MiB;
    const saves: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
      'bytes in memory': (key) => backend.save(key, Buffer.alloc(large, 1)),
      'a stream of unknown size': (key) => backend.save(key, chunksOf(large)),
      'a stream of known size': (key) => backend.save(key, chunksOf(large), { size: large }),
      'an update': (key) => backend.update(key, () => Buffer.alloc(large, 1)),
    };

    beforeEach(async () => {
      backend = new LocalBackend({ basePath });
      await backend.save('old', 'what was there', { metadata: { is: 'old' } });
    });

    test.each(Object.entries(saves))('%s', async (_, save) => {
      const before = await visible(backend);
      const free = await freeBytes(folder);
      for (const key of ['old', 'new']) {
        await expect(save(key)).rejects.toMatchObject({ code: 'QuotaExceeded', key, providerCode: 'ENOSPC' });
        expect(await visible(backend)).toEqual(before);
        expect(await leftBehind(basePath)).toEqual([]);
        expect(await freeBytes(folder)).toBe(free);
      }
      // The same disk goes on as if nothing had been.
      await backend.save('old', chunksOf(4 * MiB));
      expect(await backend.getMetadata('old')).toMatchObject({ size: 4 * MiB });
    });

    test('parts of an upload stay until it is aborted, and are given back then', async () => {
      const before = await visible(backend);
      const free = await freeBytes(folder);
      const session = await backend.createUpload('old');
      await session.putPart(1, Buffer.alloc(5 * MiB, 1));
      await expect(session.putPart(2, Buffer.alloc(5 * MiB, 2))).rejects.toMatchObject({ code: 'QuotaExceeded' });
      expect(await session.parts()).toHaveLength(1);
      // The whole is put together beside its parts: there is no room for both.
      await expect(session.complete()).rejects.toMatchObject({ code: 'QuotaExceeded' });
      expect(await visible(backend)).toEqual(before);
      expect(await session.parts()).toHaveLength(1);
      await session.abort();
      expect(await leftBehind(basePath)).toEqual([]);
      expect(await freeBytes(folder)).toBe(free);
    });

    test('a copy of what fits only once', async () => {
      await backend.save('half', chunksOf(5 * MiB));
      const before = await visible(backend);
      const free = await freeBytes(folder);
      await expect(backend.copy('half', 'copy')).rejects.toMatchObject({ code: 'QuotaExceeded' });
      await expect(backend.copy('half', 'old')).rejects.toMatchObject({ code: 'QuotaExceeded' });
      expect(await visible(backend)).toEqual(before);
      expect(await leftBehind(basePath)).toEqual([]);
      expect(await freeBytes(folder)).toBe(free);
    });
  });
});

/** All that a user sees: keys, bytes, metadata and versions. */
async function visible(backend: LocalBackend): Promise<unknown[]> {
  const { versions } = backend.capabilities;
  const seen: unknown[] = [];
  for await (const { key } of backend.walk()) {
    const file = await backend.retrieve(key);
    const { etag, contentType, metadata } = file;
    const ids = versions === false ? [] : (await backend.getVersions(key)).map(({ versionId }) => versionId);
    seen.push({ key, etag, contentType, metadata, ids, bytes: (await file.bytes()).toString() });
  }
  return seen;
}

/** Staged files, parts and locks. */
async function leftBehind(basePath: string): Promise<string[]> {
  const { staging, locks, uploads } = rootsOf(basePath);
  const files = [...(await filesBelow(staging)), ...(await filesBelow(locks)), ...(await filesBelow(uploads))];
  return files.filter((path) => !path.endsWith('/owner'));
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Fills the disk with a file beside the store, but for so many pages. */
async function fill(filler: string, freePages: number): Promise<void> {
  await rm(filler, { force: true });
  await using file = await open(filler, 'w');
  const { bavail, bsize } = await statfs(filler);
  const bytes = (bavail - freePages) * bsize;
  for (let left = bytes; left > 0; left -= MiB) await file.write(Buffer.alloc(Math.min(MiB, left), 1));
}
