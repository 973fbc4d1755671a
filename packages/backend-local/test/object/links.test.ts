import { execFileSync } from 'node:child_process';
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageDriver } from '@storage/core/driver';
import { beforeEach, describe, expect, test } from 'vitest';
import { attributesOf, bodyOf, codeOf, context, driverAt, getText, putText } from '../driver.ts';
import { filesBelow, temporaryFolder } from '../store.ts';

type Driver = Required<StorageDriver>;

/** Every call that takes a key, on a key that exists if no link is followed. */
const calls: Readonly<Record<string, (driver: Driver, key: string) => Promise<unknown>>> = {
  head: (driver, key) => driver.head({ key }, context()),
  get: (driver, key) => driver.get({ key }, context()),
  put: (driver, key) => putText(driver, key, 'through'),
  'put, create-only': (driver, key) => putText(driver, key, 'through', { ifAbsent: true }),
  remove: (driver, key) => driver.remove({ key }, context()),
  'copy from': (driver, key) => driver.copy({ source: { key }, key: 'copy', condition: {} }, context()),
  'copy to': (driver, key) => driver.copy({ source: { key: 'source' }, key, condition: {} }, context()),
  'move from': (driver, key) => driver.move({ source: { key }, key: 'moved', condition: {} }, context()),
  'move to': (driver, key) => driver.move({ source: { key: 'source' }, key, condition: {} }, context()),
  setMetadata: (driver, key) => driver.setMetadata({ key, ...attributesOf({ a: 'b' }) }, context()),
  'tags.set': (driver, key) => driver.tags.set({ key, tags: { a: 'b' } }, context()),
  'tags.get': (driver, key) => driver.tags.get({ key }, context()),
  'versions.list': (driver, key) => driver.versions.list({ key, limit: 10 }, context()),
  'versions.undelete': (driver, key) => driver.versions.undelete?.({ key }, context()) ?? Promise.reject(new Error()),
};

describe.skipIf(process.platform === 'win32')('a symbolic link inside the store is not followed', () => {
  let base = '';
  let outside = '';
  let driver: ReturnType<typeof driverAt>;

  beforeEach(async () => {
    const folder = await temporaryFolder();
    base = join(folder, 'store');
    outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'file'), 'outside');
    await writeFile(join(outside, 'file.json'), '{"key":"folder/file","records":[]}');
    driver = driverAt(base);
    await driver.open(context());
    await putText(driver, 'source', 'source');
  });

  async function untouched(): Promise<void> {
    expect((await filesBelow(outside)).sort()).toEqual([join(outside, 'file'), join(outside, 'file.json')]);
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('outside');
  }

  test.each(Object.entries(calls))('as a file: %s', async (_, call) => {
    await symlink(join(outside, 'file'), join(base, 'data/link'));
    expect(await codeOf(driver, call(driver, 'link'))).toBe('PermissionDenied');
    await untouched();
    expect(await readlink(join(base, 'data/link'))).toBe(join(outside, 'file'));
  });

  test.each(Object.entries(calls))('as a folder: %s', async (_, call) => {
    await symlink(outside, join(base, 'data/folder'));
    expect(await codeOf(driver, call(driver, 'folder/file'))).toBe('PermissionDenied');
    await untouched();
  });

  test.each(Object.entries(calls))('as a folder of records: %s', async (_, call) => {
    await putText(driver, 'folder/other', 'x');
    await mkdir(join(base, 'data/deep'));
    await writeFile(join(base, 'data/deep/file'), 'inside');
    await symlink(outside, join(base, 'metadata/deep'));
    expect(await codeOf(driver, call(driver, 'deep/file'))).toBe('PermissionDenied');
    await untouched();
  });

  test('as a folder of versions', async () => {
    await putText(driver, 'folder/file', 'old');
    await symlink(outside, join(base, 'versions/folder'));
    expect(await codeOf(driver, putText(driver, 'folder/file', 'new'))).toBe('PermissionDenied');
    expect(await codeOf(driver, driver.remove({ key: 'folder/file' }, context()))).toBe('PermissionDenied');
    expect(await getText(driver, 'folder/file')).toBe('old');
    await untouched();
  });

  test('in a listing: neither file nor folder is there', async () => {
    await symlink(join(outside, 'file'), join(base, 'data/link'));
    await symlink(outside, join(base, 'data/folder'));
    const page = { prefix: '', limit: 10 } as const;
    expect((await driver.listPage(page, context())).entries.map(({ key }) => key)).toEqual(['source']);
    expect((await driver.listPage({ ...page, delimiter: '/' }, context())).prefixes).toEqual([]);
    expect((await driver.listPage({ ...page, prefix: 'folder/' }, context())).entries).toEqual([]);
  });

  test('in the place of data/ itself: the store is refused', async () => {
    const other = join(await temporaryFolder(), 'store');
    await mkdir(other);
    await symlink(outside, join(other, 'data'));
    const refused = driverAt(other);
    expect(await codeOf(refused, refused.open(context()))).toBe('InvalidConfig');
    await untouched();
  });

  test('but basePath itself may be one', async () => {
    const link = join(await temporaryFolder(), 'link');
    await symlink(base, link);
    const linked = driverAt(link);
    await linked.open(context());
    expect(await getText(linked, 'source')).toBe('source');
    await putText(linked, 'more', 'more');
    expect(await getText(driver, 'more')).toBe('more');
  });

  test('and a pipe is neither read nor waited for', async () => {
    execFileSync('mkfifo', [join(base, 'data/pipe')]);
    expect(await codeOf(driver, driver.get({ key: 'pipe' }, context()))).toBe('PermissionDenied');
    expect(await codeOf(driver, driver.head({ key: 'pipe' }, context()))).toBe('PermissionDenied');
    const body = bodyOf('x');
    const put = { key: 'pipe', body, attributes: attributesOf(), condition: {}, integrity: 'default' } as const;
    expect(await codeOf(driver, driver.put(put, context()))).toBe('PermissionDenied');
  });
});
