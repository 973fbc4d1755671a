import { appendFile, cp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { traceCalls } from '../../src/disk/run.ts';
import { keyOf, recordOf } from '../../src/object/record-log.ts';
import { stampOf } from '../../src/object/stamp.ts';
import { attributesOf, bodyOf, codeOf, context, driverAt, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

describe.each([
  { title: 'with versions', versions: { keep: 2, maxAgeMs: 1e9 } },
  { title: 'without versions', versions: undefined },
])('the file in metadata/, $title', ({ versions }) => {
  let base = '';
  let path = '';
  let driver: ReturnType<typeof driverAt>;

  beforeEach(async () => {
    base = join(await temporaryFolder(), 'store');
    path = join(base, 'metadata/key.json');
    driver = driverAt(base, { versions });
    await putText(driver, 'key', 'first');
  });
  afterEach(() => {
    traceCalls(undefined);
  });

  const metadataOf = async (from = driver) => (await from.head({ key: 'key' }, context())).metadata['of'];

  test('gets a line with each write, and stays short', async () => {
    let longest = 0;
    for (let n = 0; n < 100; n++) {
      await putText(driver, 'key', `text ${String(n)}`);
      const log = await readFile(path, 'utf8');
      expect(keyOf(log)).toBe('key');
      expect(recordOf(log, stampOf(await stat(join(base, 'data/key'))))?.metadata).toEqual({ of: `text ${String(n)}` });
      longest = Math.max(longest, log.length);
    }
    expect(longest).toBeGreaterThan(2000);
    expect(longest).toBeLessThanOrEqual(4096);
  });

  test('takes a record that is longer than it should be', async () => {
    for (const n of ['1', '2', '3']) {
      const attributes = attributesOf({ long: n.repeat(5000) });
      await driver.put({ key: 'key', body: bodyOf(n), attributes, condition: {}, integrity: 'default' }, context());
      expect((await driver.head({ key: 'key' }, context())).metadata['long']).toBe(n.repeat(5000));
    }
    await putText(driver, 'key', 'short');
    expect(await metadataOf()).toBe('short');
  });

  test('is read without a line that was interrupted, and written anew by the next write', async () => {
    await appendFile(path, '{"inode":1,"modified":1,"si');
    expect(await metadataOf()).toBe('first');
    await putText(driver, 'key', 'second');
    expect(await metadataOf()).toBe('second');
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
  });

  test('keeps nothing of a write that failed', async () => {
    await putText(driver, 'key', 'second');
    const before = await readFile(path, 'utf8');
    traceCalls((call) => {
      if (call === 'rename') throw Object.assign(new Error('no more'), { code: 'EIO', errno: -5, syscall: 'rename' });
    });
    expect(await codeOf(driver, putText(driver, 'key', 'third'))).not.toBe('resolved');
    traceCalls(undefined);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await metadataOf()).toBe('second');
  });

  test('tells of a copied tree what it says of the file, also when a process was killed before its file came', async () => {
    await putText(driver, 'key', 'second');
    const log = await readFile(path, 'utf8');
    const line = (log.split('\n').at(-2) ?? '').replace(/"inode":\d+/, '"inode":7').replace(/"size":\d+/, '"size":7');
    await appendFile(path, `${line.replace('second', 'never')}\n`);
    expect(await metadataOf()).toBe('second');
    await cp(base, `${base}-copy`, { recursive: true });
    expect(await metadataOf(driverAt(`${base}-copy`, { versions }))).toBe('second');
  });
});
