import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { link, mkdir, readdir, readFile, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { LocalBackend } from '../src/index.ts';
import { type OwnerIdentity, ownIdentity } from '../src/lock/owner.ts';
import { placeOf, type Roots, rootsOf } from '../src/names/place.ts';
import { filesBelow, leftovers, temporaryFolder } from './store.ts';

const minuteMs = 60_000;
const nothing = { owners: 0, locks: 0, stagedFiles: 0 };

let basePath: string;
let roots: Roots;
let backend: LocalBackend;

beforeEach(async () => {
  basePath = join(await temporaryFolder(), 'store');
  roots = rootsOf(basePath);
  backend = new LocalBackend({ basePath });
  await backend.save('key', 'text');
});

/** A process that has ended. */
async function deadPid(): Promise<number> {
  const child = fork(join(import.meta.dirname, 'sweep.child.ts'), { execArgv: ['--version'], silent: true });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** What an instance leaves that was killed with two files staged and a lock held. */
async function plantOwner(id: string, identity: Partial<OwnerIdentity> | undefined, silentMs = 0): Promise<void> {
  const folder = join(roots.staging, id);
  await mkdir(folder);
  const text = identity === undefined ? '' : JSON.stringify({ id, ...ownIdentity(), started: '1', ...identity });
  await writeFile(join(folder, 'owner'), text);
  await writeFile(join(folder, '1'), 'half of somethi');
  await writeFile(join(folder, '2'), '');
  await link(join(folder, 'owner'), join(roots.locks, placeOf(roots, `locked-by-${id}`).lock));
  await age(join(folder, 'owner'), silentMs);
}

async function age(path: string, byMs: number): Promise<void> {
  const time = new Date(Date.now() - byMs);
  await utimes(path, time, time);
}

const owners = async (): Promise<string[]> => (await readdir(roots.staging)).filter((id) => /^[a-z]+$/.test(id)).sort();

describe('what the dead have left is removed', () => {
  test('of a process that is gone', async () => {
    await plantOwner('gone', { pid: await deadPid() });
    expect(await backend.sweep()).toEqual({ owners: 1, locks: 1, stagedFiles: 2 });
    expect(await leftovers(basePath, 'key')).toEqual([]);
    expect(await owners()).toEqual([]);
    expect(await backend.sweep()).toEqual(nothing);
  });

  test.runIf(process.platform === 'linux')('of a process whose number another one has got', async () => {
    await plantOwner('reused', { pid: process.pid, started: '1' });
    expect(await backend.sweep()).toEqual({ owners: 1, locks: 1, stagedFiles: 2 });
  });

  test('of one that was killed in the middle of a stream, by whoever opens the store next', async () => {
    const child = fork(join(import.meta.dirname, 'sweep.child.ts'), [basePath], { execArgv: process.execArgv });
    await once(child, 'message');
    expect(await leftovers(basePath, 'key')).toHaveLength(1);
    expect((await backend.listFiles()).map(({ key }) => key)).toEqual(['key']);
    expect(await backend.sweep(), 'it lives').toEqual(nothing);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = new LocalBackend({ basePath });
    expect(await (await next.retrieve('key')).text()).toBe('text');
    expect(await leftovers(basePath, 'key')).toEqual([]);
    expect(await readdir(roots.staging)).toHaveLength(1);
  });

  test('by a hundred instances that open the store at the same time', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await plantOwner(id, { pid: await deadPid() });
    const instances = Array.from({ length: 100 }, () => new LocalBackend({ basePath }));
    const texts = await Promise.all(instances.map(async (each) => (await each.retrieve('key')).text()));
    expect(new Set(texts)).toEqual(new Set(['text']));
    expect(await owners()).toEqual([]);
    expect(await leftovers(basePath, 'key')).toEqual([]);
  });

  test('and with it the versions that are too old, of deleted keys too', async () => {
    const forgetful = new LocalBackend({ basePath, versions: { keep: 20, maxAge: 1 } });
    await backend.save('key', 'newer');
    await backend.save('deleted', 'x');
    await backend.delete('deleted');
    expect(await backend.getVersions('deleted')).not.toEqual([]);
    await sleep(20);
    await forgetful.sweep();
    expect(await backend.getVersions('deleted')).toEqual([]);
    expect((await backend.getVersions('key')).map(({ isCurrent }) => isCurrent)).toEqual([true]);
    expect(await filesBelow(roots.versions)).toEqual([]);
  });
});

describe('who cannot be seen from here is dead after five minutes of silence, not before', () => {
  const strangers: readonly (readonly [title: string, identity: Partial<OwnerIdentity> | undefined])[] = [
    ['from another run of the kernel', { boot: 'another-boot' }],
    ['from another pid namespace', { pidNamespace: 'pid:[1]' }],
    ['with an owner file that is not written yet', undefined],
    ['with an owner file of another program', { id: 5 as unknown as string }],
  ];
  test.each(strangers)('%s', async (_, identity) => {
    await plantOwner('stranger', identity, 4.8 * minuteMs);
    expect(await backend.sweep()).toEqual(nothing);
    expect(await filesBelow(join(roots.staging, 'stranger'))).toHaveLength(3);

    await age(join(roots.staging, 'stranger/owner'), 5.2 * minuteMs);
    expect(await backend.sweep()).toEqual({ owners: 1, locks: 1, stagedFiles: 2 });
    expect(await owners()).toEqual([]);
    expect(await readdir(roots.locks)).toEqual([]);
  });

  test('a folder without an owner file goes by its own time', async () => {
    const folder = join(roots.staging, 'empty');
    await mkdir(folder);
    expect(await backend.sweep()).toEqual(nothing);
    await age(folder, 5.2 * minuteMs);
    expect((await backend.sweep()).owners).toBe(1);
    expect(await owners()).toEqual([]);
  });

  test.runIf(process.platform === 'linux')(
    'who can be seen to live may be silent for as long as it likes',
    async () => {
      const other = new LocalBackend({ basePath });
      await other.save('other', 'text');
      for (const id of await readdir(roots.staging)) await age(join(roots.staging, id, 'owner'), 24 * 60 * minuteMs);
      expect(await backend.sweep()).toEqual(nothing);
      expect(await readdir(roots.staging)).toHaveLength(2);
    },
  );
});

describe('what is not a leftover stays', () => {
  test('the staged file of an instance that is writing: its save goes on', async () => {
    const writer = new LocalBackend({ basePath });
    const pause = new EventEmitter();
    const paused = once(pause, 'end');
    const saving = writer.save(
      'key',
      (async function* () {
        yield Buffer.alloc(2_000_000, 'a');
        await paused;
        yield Buffer.from('end');
      })(),
    );
    await expect.poll(async () => (await leftovers(basePath, 'key')).length).toBe(1);
    expect(await backend.sweep()).toEqual(nothing);
    expect(await new LocalBackend({ basePath }).sweep()).toEqual(nothing);
    pause.emit('end');
    expect((await saving).size).toBe(2_000_003);
  });

  test('the parts of an unfinished upload', async () => {
    const upload = await backend.createUpload('key');
    await upload.putPart(1, 'part');
    await backend.close();
    const other = new LocalBackend({ basePath });
    expect(await other.sweep()).toEqual(nothing);
    const resumed = await other.resumeUpload(upload.toToken());
    await resumed.complete();
    expect(await (await other.retrieve('key')).text()).toBe('part');
  });

  test('files and folders of others, however old', async () => {
    const foreign = [
      join(basePath, 'README'),
      join(roots.private, 'notes.txt'),
      join(roots.staging, '.gitkeep'),
      join(roots.uploads, 'not-an-upload/file'),
      join(roots.metadata, 'not-a-record.txt'),
      join(roots.versions, 'not-versions/file'),
    ];
    for (const path of foreign) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, 'mine');
      await age(path, 24 * 60 * minuteMs);
    }
    await plantOwner('gone', { pid: await deadPid() });
    expect(await backend.sweep()).toEqual({ owners: 1, locks: 1, stagedFiles: 2 });
    expect(await backend.sweep()).toEqual(nothing);
    for (const path of foreign) expect(await readFile(path, 'utf8'), path).toBe('mine');
    expect((await backend.listFiles()).map(({ key }) => key)).toEqual(['key']);
  });
});

test('leftovers are never listed, nor counted as versions', async () => {
  await plantOwner('stranger', undefined);
  const upload = await backend.createUpload('unfinished');
  await upload.putPart(1, 'part');
  for (const prefix of ['', 'private/', 'staging', 'locked-', '%', 'u', 'k']) {
    const keys = (await backend.listFiles(prefix)).map(({ key }) => key);
    expect([prefix, keys]).toEqual([prefix, 'key'.startsWith(prefix) ? ['key'] : []]);
  }
  const page = await backend.listPage({ delimiter: '/' });
  expect(page.prefixes).toEqual([]);
  expect(await backend.getVersions('unfinished')).toEqual([]);
  expect(await backend.exists('unfinished')).toBe(false);
});

describe('a lock', () => {
  const lockOf = (key: string): string => join(roots.locks, placeOf(roots, key).lock);

  test('of a dead one is broken by the next writer, without a sweep', async () => {
    await plantOwner('gone', { pid: await deadPid() });
    const before = Date.now();
    await backend.save('locked-by-gone', 'text');
    expect(Date.now() - before).toBeLessThan(5000);
    expect(await readdir(roots.locks)).toEqual([]);
  });

  test('of a living one is waited for, and a reader does not wait', async () => {
    const other = new LocalBackend({ basePath });
    await other.save('other', 'x');
    const [file] = await filesBelow(roots.staging);
    await link(file ?? '', lockOf('key'));
    const waiting = backend.save('key', 'new');
    await expect(backend.save('key', 'late', { timeoutMs: 200 })).rejects.toMatchObject({ code: 'Timeout' });
    await expect(new LocalBackend({ basePath }).delete('key', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'Timeout',
    });
    expect(await (await backend.retrieve('key')).text()).toBe('text');
    await unlink(lockOf('key'));
    await waiting;
    expect(await (await backend.retrieve('key')).text()).toBe('new');
    expect(await leftovers(basePath, 'key')).toEqual([]);
  });
});
