import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { traceCalls } from '../../src/disk/run.ts';
import { codeOf, context, driverAt, getText, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

const keys = Array.from({ length: 16 }, (_, n) => `deep/er/folder/${String(n)}`);

describe('looks at folders', () => {
  let base = '';
  let driver: ReturnType<typeof driverAt>;

  beforeEach(async () => {
    base = join(await temporaryFolder(), 'store');
    driver = driverAt(base);
    // On a machine with other load the disk seems slow, and calls are made by threads, in no order that is known.
    vi.spyOn(driver.store.pace, 'quick').mockReturnValue(true);
    await driver.open(context());
    await Promise.all(keys.map((key) => putText(driver, key, 'old')));
  });

  afterEach(() => {
    traceCalls(undefined);
  });

  async function looksOf(work: () => Promise<unknown>): Promise<number> {
    let looks = 0;
    traceCalls((call) => {
      if (call === 'lstat') looks += 1;
    });
    await work();
    traceCalls(undefined);
    return looks;
  }

  test('are shared by operations that were called together', async () => {
    const exists = (key: string) => driver.exists({ key }, context());
    // So long that the event loop must have its turn: then it shows that calls come together.
    const until = performance.now() + 50;
    while (performance.now() < until) await Promise.all(keys.map(exists));
    const together = await looksOf(() => Promise.all(keys.map(exists)));
    // One look at the file each, and at the three folders once or, when the turn ended in between, twice.
    expect(together).toBeLessThanOrEqual(keys.length + 2 * 3);
    const alone = await looksOf(() => exists('deep/er/folder/0'));
    expect(alone).toBe(3 + 1);
  });

  test.skipIf(process.platform === 'win32')('are not those of a time before an operation was called', async () => {
    const outside = `${base}-outside`;
    fs.mkdirSync(outside);
    for (const tree of ['data', 'metadata']) {
      const folder = join(base, tree, 'deep/er/folder');
      await Promise.all(keys.map((key) => putText(driver, key, 'new')));
      // No turn of the event loop between what was looked at and the link.
      fs.renameSync(folder, `${folder}.kept`);
      fs.symlinkSync(outside, folder);
      const saves = keys.map((key) => codeOf(driver, putText(driver, key, 'through')));
      expect(new Set(await Promise.all(saves))).toEqual(new Set(['PermissionDenied']));
      fs.unlinkSync(folder);
      fs.renameSync(`${folder}.kept`, folder);
    }
    expect(fs.readdirSync(outside)).toEqual([]);
    expect(await getText(driver, keys[3] ?? '')).toBe('new');
  });

  test('do not keep a folder that somebody removes in between from being made again', async () => {
    let removals = 0;
    traceCalls((call) => {
      // The lock of the first save is released: its looks are what the others go by.
      if (call !== 'unlink' || removals > 0) return;
      removals += 1;
      for (const tree of ['data', 'metadata']) fs.rmSync(join(base, tree, 'new'), { recursive: true });
    });
    await Promise.all(keys.map((key) => putText(driver, `new/${key}`, 'kept')));
    expect(removals).toBe(1);
    for (const key of keys.slice(1)) expect(await getText(driver, `new/${key}`)).toBe('kept');
  });

  test('know what an operation of the same time has removed', async () => {
    const [first = '', ...others] = keys;
    await Promise.all(others.map((key) => driver.remove({ key }, context())));
    await Promise.all([driver.remove({ key: first }, context()), putText(driver, 'deep/er/folder', 'a file now')]);
    expect(await getText(driver, 'deep/er/folder')).toBe('a file now');
  });
});
