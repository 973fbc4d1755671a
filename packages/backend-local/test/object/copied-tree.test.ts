import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordOf } from '../../src/object/record-log.ts';
import { stampOf } from '../../src/object/stamp.ts';
import { attributesOf, bodyOf, context, driverAt, getText, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

async function fresh(): Promise<string> {
  return join(await temporaryFolder(), 'store');
}

/** A store with two objects, one of them with two versions. */
async function filled(): Promise<string> {
  const basePath = await fresh();
  const driver = driverAt(basePath);
  await driver.open(context());
  await putText(driver, 'a/b.txt', 'older');
  await putText(driver, 'a/b.txt', 'new');
  await putText(driver, 'c', 'see');
  await driver.close();
  return basePath;
}

const copies: Readonly<Record<string, (from: string, to: string) => unknown>> = {
  'cp -r': (from, to) => execFileSync('cp', ['-r', from, to]),
  'cp -a': (from, to) => execFileSync('cp', ['-a', from, to]),
  tar: async (from, to) => {
    await mkdir(to);
    execFileSync('sh', ['-c', 'tar -C "$0" -cf - . | tar -C "$1" -xf -', from, to]);
  },
  'a copy with other times (git)': async (from, to) => {
    await cp(from, to, { recursive: true });
    await utimes(join(to, 'data/a/b.txt'), 1_000_000, 1_000_000);
  },
  'a copy that is made while it is read (rsync)': async (from, to) => {
    // It writes beside, then renames: inode and times are its own.
    await cp(from, to, { recursive: true });
    const path = join(to, 'data/a/b.txt');
    await writeFile(`${path}.tmp`, await readFile(path));
    await rm(path);
    execFileSync('mv', [`${path}.tmp`, path]);
  },
};

describe.skipIf(process.platform === 'win32').each(Object.entries(copies))('a tree copied with %s', (_, copy) => {
  test('keeps metadata and versions, and is read from then on without its bytes', async () => {
    const [from, to] = [await filled(), await fresh()];
    await copy(from, to);
    const driver = driverAt(to);
    await driver.open(context());

    const info = await driver.head({ key: 'a/b.txt' }, context());
    expect(info.metadata).toEqual({ of: 'new' });
    expect(info.checksum?.value).toMatch(/^[0-9a-f]{8}$/);
    expect(await getText(driver, 'a/b.txt')).toBe('new');
    const [entry] = (await driver.listPage({ prefix: 'a/', limit: 1 }, context())).entries;
    expect(entry?.etag).toBe(info.etag);

    // The record has the stamp of the file now.
    const log = await readFile(join(to, 'metadata/a/b.txt.json'), 'utf8');
    expect(recordOf(log, stampOf(await stat(join(to, 'data/a/b.txt'))))?.metadata).toEqual({ of: 'new' });

    const { versions } = await driver.versions.list({ key: 'a/b.txt', limit: 10 }, context());
    expect(versions.map(({ size }) => size)).toEqual([3, 5]);
    expect(await getText(driver, 'a/b.txt', versions[1]?.versionId)).toBe('older');
    await driver.close();
  });

  test('can be overwritten before it is read: the old metadata go to its versions', async () => {
    const [from, to] = [await filled(), await fresh()];
    await copy(from, to);
    const driver = driverAt(to);
    await putText(driver, 'a/b.txt', 'newest');
    const { versions } = await driver.versions.list({ key: 'a/b.txt', limit: 10 }, context());
    const before = await driver.head({ key: 'a/b.txt', versionId: versions[1]?.versionId ?? '' }, context());
    expect(before.metadata).toEqual({ of: 'new' });
    await driver.close();
  });
});

describe('a file placed by hand', () => {
  test('is an object without metadata', async () => {
    const basePath = await fresh();
    await mkdir(join(basePath, 'data/folder'), { recursive: true });
    await writeFile(join(basePath, 'data/folder/hand.txt'), 'by hand');
    const driver = driverAt(basePath);
    await driver.open(context());

    const info = await driver.head({ key: 'folder/hand.txt' }, context());
    expect(info).toMatchObject({ size: 7, contentType: 'application/octet-stream', metadata: {} });
    expect(info.checksum).toBeUndefined();
    expect(await getText(driver, 'folder/hand.txt')).toBe('by hand');
    const { entries } = await driver.listPage({ prefix: '', limit: 10 }, context());
    expect(entries).toMatchObject([{ key: 'folder/hand.txt', etag: info.etag }]);
    // Nobody has written: nothing else is there.
    expect(await stat(join(basePath, 'metadata')).catch(() => 'none')).toBe('none');
    await driver.close();
  });

  test('is what the next condition and the next version are about', async () => {
    const basePath = await fresh();
    const driver = driverAt(basePath);
    await putText(driver, 'key', 'saved');
    await writeFile(join(basePath, 'data/key'), 'edited by hand');

    const { etag, versionId, metadata } = await driver.head({ key: 'key' }, context());
    expect(metadata).toEqual({});
    await putText(driver, 'key', 'saved again', { ifMatch: etag });
    const { versions } = await driver.versions.list({ key: 'key', limit: 10 }, context());
    expect(versions[1]?.versionId).toBe(versionId);
    expect(await getText(driver, 'key', versionId)).toBe('edited by hand');
    await driver.close();
  });

  test('gets metadata, which a copy of the tree keeps', async () => {
    const [basePath, to] = [await fresh(), await fresh()];
    await mkdir(join(basePath, 'data'), { recursive: true });
    await writeFile(join(basePath, 'data/key'), 'by hand');
    const driver = driverAt(basePath);
    const headers = { contentType: 'text/plain' };
    await driver.setMetadata({ key: 'key', headers, metadata: { owner: 'ada' } }, context());
    expect(await driver.head({ key: 'key' }, context())).toMatchObject({ metadata: { owner: 'ada' }, ...headers });
    await driver.close();

    await cp(basePath, to, { recursive: true });
    const copied = driverAt(to);
    expect((await copied.head({ key: 'key' }, context())).metadata).toEqual({ owner: 'ada' });
  });

  test('of a name that is no key of ours is not listed', async () => {
    const basePath = await fresh();
    await mkdir(join(basePath, 'data'), { recursive: true });
    for (const name of ['100%', '%41', 'fine.txt']) await writeFile(join(basePath, 'data', name), 'x');
    const driver = driverAt(basePath);
    const { entries } = await driver.listPage({ prefix: '', limit: 10 }, context());
    expect(entries.map(({ key }) => key)).toEqual(['fine.txt']);
  });

  test('in the place of one that was saved has the metadata of its bytes only', async () => {
    const basePath = await fresh();
    const driver = driverAt(basePath);
    await putText(driver, 'key', 'bytes');
    await rm(join(basePath, 'data/key'));
    await writeFile(join(basePath, 'data/key'), 'other');
    expect((await driver.head({ key: 'key' }, context())).metadata).toEqual({});
    await rm(join(basePath, 'data/key'));
    await writeFile(join(basePath, 'data/key'), 'bytes');
    expect((await driver.head({ key: 'key' }, context())).metadata).toEqual({ of: 'bytes' });
  });
});

test('a record that cannot be read is reported, and replaced by the next write', async () => {
  const basePath = await fresh();
  const driver = driverAt(basePath);
  await putText(driver, 'key', 'saved');
  const header = '{"format":1,"key":"key"}\n';
  const broken = [
    '{"format":1',
    '[]',
    'null\n',
    '{"key":"key"}\n{}\n',
    header,
    `${header}{}`,
    `${header}{}\n`,
    `${header}null\n`,
  ];
  for (const text of broken) {
    await writeFile(join(basePath, 'metadata/key.json'), text);
    const failure = await driver.head({ key: 'key' }, context()).catch((error: unknown) => driver.classify(error));
    expect(failure, text).toMatchObject({ code: 'Corrupted' });
  }
  await putText(driver, 'key', 'saved again');
  expect((await driver.head({ key: 'key' }, context())).metadata).toEqual({ of: 'saved again' });
});

test('metadata named like members of objects come back', async () => {
  const driver = driverAt(await fresh());
  const metadata = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as Record<string, string>;
  const attributes = attributesOf(metadata);
  await driver.put({ key: 'key', body: bodyOf('x'), attributes, condition: {}, integrity: 'default' }, context());
  const found = (await driver.head({ key: 'key' }, context())).metadata;
  expect(Object.entries(found)).toEqual(Object.entries(metadata));
});
