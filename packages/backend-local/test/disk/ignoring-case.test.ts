import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { codeOf, context, driverAt, getText, putText } from '../driver.ts';
import { filesBelow, localHarness, temporaryFolder } from '../store.ts';
import type { foldingFs } from './folding-fs.ts';

vi.mock('node:fs', async (importActual) => {
  const real = await importActual<typeof import('node:fs')>();
  const { foldingFs: make } = await vi.importActual<{ foldingFs: typeof foldingFs }>('./folding-fs.ts');
  const folding = make(real);
  return { ...folding, default: folding };
});

let driver: ReturnType<typeof driverAt>;

beforeEach(async () => {
  driver = driverAt(join(await temporaryFolder('folding-'), 'store'));
  await driver.open(context());
  await driver.check(context());
});

test('the disk is found out', () => {
  expect(driver.store.ignoresCase).toBe(true);
});

test('a key in another case is another key: it is not there', async () => {
  await putText(driver, 'Folder/Resume.pdf', 'ada');
  for (const key of ['folder/Resume.pdf', 'Folder/resume.pdf', 'FOLDER/RESUME.PDF']) {
    expect(await codeOf(driver, driver.head({ key }, context())), key).toBe('NotFound');
    expect(await codeOf(driver, driver.get({ key }, context())), key).toBe('NotFound');
    expect(await driver.exists({ key }, context()), key).toBe(false);
    expect(await driver.remove({ key }, context()), key).toEqual({ existed: false });
    expect(await codeOf(driver, driver.copy({ source: { key }, key: 'copy', condition: {} }, context()))).toBe(
      'NotFound',
    );
    expect(await codeOf(driver, driver.move({ source: { key }, key: 'moved', condition: {} }, context()))).toBe(
      'NotFound',
    );
    expect(await codeOf(driver, driver.tags.set({ key, tags: { a: 'b' } }, context()))).toBe('NotFound');
    expect((await driver.versions.list({ key, limit: 10 }, context())).versions, key).toEqual([]);
    expect((await driver.listPage({ prefix: key, limit: 10 }, context())).entries, key).toEqual([]);
  }
  expect((await driver.listPage({ prefix: 'folder/', limit: 10 }, context())).entries).toEqual([]);
  expect(await getText(driver, 'Folder/Resume.pdf')).toBe('ada');
});

test('the second of two keys that differ in case is refused, and changes nothing', async () => {
  await putText(driver, 'Folder/Resume.pdf', 'ada');
  const before = await filesBelow(driver.store.roots.base);
  const source = { key: 'Folder/Resume.pdf' };
  for (const key of ['folder/Resume.pdf', 'Folder/resume.pdf', 'FOLDER/new/file']) {
    expect(await codeOf(driver, putText(driver, key, 'other')), key).toBe('KeyConflict');
    expect(await codeOf(driver, putText(driver, key, 'other', { ifAbsent: true })), key).toBe('KeyConflict');
    expect(await codeOf(driver, driver.copy({ source, key, condition: {} }, context())), key).toBe('KeyConflict');
    expect(await codeOf(driver, driver.move({ source, key, condition: {} }, context())), key).toBe('KeyConflict');
  }
  expect(await filesBelow(driver.store.roots.base)).toEqual(before);
  expect(await readdir(join(driver.store.roots.data, 'Folder'))).toEqual(['Resume.pdf']);
  expect((await driver.head(source, context())).metadata).toEqual({ of: 'ada' });
});

test('when the first is deleted the other may come, and their versions stay apart', async () => {
  await putText(driver, 'README.md', 'loud');
  await driver.remove({ key: 'README.md' }, context());
  await putText(driver, 'readme.md', 'quiet');
  await putText(driver, 'readme.md', 'quieter');
  const sizes = async (key: string): Promise<number[]> =>
    (await driver.versions.list({ key, limit: 10 }, context())).versions.map(({ size }) => size);
  expect(await sizes('README.md')).toEqual([0, 4]);
  expect(await sizes('readme.md')).toEqual([7, 5]);
  expect(await codeOf(driver, driver.versions.undelete?.({ key: 'README.md' }, context()) ?? Promise.resolve())).toBe(
    'KeyConflict',
  );
  await driver.remove({ key: 'readme.md' }, context());
  await driver.versions.undelete?.({ key: 'README.md' }, context());
  expect(await getText(driver, 'README.md')).toBe('loud');
});

test('composed and decomposed letters are two keys all the same', async () => {
  await putText(driver, 'caf\u00e9', 'composed');
  await putText(driver, 'cafe\u0301', 'decomposed');
  expect(await getText(driver, 'caf\u00e9')).toBe('composed');
  expect(await getText(driver, 'cafe\u0301')).toBe('decomposed');
});

const harness = localHarness({}, { folderPrefix: 'folding-', foldsCase: true });
afterAll(() => harness.close());

conformance({
  name: 'local on a disk that ignores case',
  harness,
  areas: ['keys', 'write', 'list', 'delete', 'copy', 'versions', 'model'],
});
