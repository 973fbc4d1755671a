import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { traceCalls } from '../../src/disk/run.ts';
import { attributesOf, context, driverAt, getText, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

const dayMs = 24 * 60 * 60 * 1000;

async function storeWith(versions: { readonly keep: number; readonly maxAgeMs: number } | undefined) {
  const driver = driverAt(join(await temporaryFolder(), 'store'), { versions });
  await driver.open(context());
  return driver;
}

type Driver = Awaited<ReturnType<typeof storeWith>>;

async function history(driver: Driver, key: string): Promise<string[]> {
  const { versions } = await driver.versions.list({ key, limit: 1000 }, context());
  return Promise.all(
    versions.map(async ({ versionId, isDeleteMarker }) =>
      isDeleteMarker ? 'deleted' : getText(driver, key, versionId),
    ),
  );
}

afterEach(() => {
  traceCalls(undefined);
  vi.useRealTimers();
});

describe('earlier versions are kept', () => {
  test('up to their number, the newest ones', async () => {
    const driver = await storeWith({ keep: 3, maxAgeMs: dayMs });
    for (let n = 1; n <= 6; n++) await putText(driver, 'key', String(n));
    expect(await history(driver, 'key')).toEqual(['6', '5', '4', '3']);
    await driver.remove({ key: 'key' }, context());
    expect(await history(driver, 'key')).toEqual(['deleted', '6', '5', '4']);
  });

  test('for their time, counted from when they were replaced', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const driver = await storeWith({ keep: 20, maxAgeMs: 10 * dayMs });
    await putText(driver, 'key', 'first');
    vi.setSystemTime(Date.now() + 9 * dayMs);
    await putText(driver, 'key', 'second');
    vi.setSystemTime(Date.now() + 9 * dayMs);
    await putText(driver, 'key', 'third');
    expect(await history(driver, 'key')).toEqual(['third', 'second', 'first']);
    vi.setSystemTime(Date.now() + 2 * dayMs);
    await putText(driver, 'key', 'fourth');
    expect(await history(driver, 'key')).toEqual(['fourth', 'third', 'second']);
  });

  test('without reading the names of all at each write', async () => {
    const driver = await storeWith({ keep: 100_000, maxAgeMs: dayMs });
    let looks = 0;
    traceCalls((call) => {
      if (call === 'readdir') looks += 1;
    });
    for (let n = 0; n < 130; n++) await putText(driver, 'key', String(n));
    for (let n = 0; n < 20; n++) {
      await driver.setMetadata({ key: 'key', ...attributesOf({ revised: String(n) }) }, context());
    }
    traceCalls(undefined);
    // The first does, and one of 64.
    expect(looks).toBe(3);
    const found = await history(driver, 'key');
    expect(found.slice(0, 21)).toEqual(Array.from({ length: 21 }, () => '129'));
    expect(found.slice(21)).toEqual(Array.from({ length: 129 }, (_, n) => String(128 - n)));
  });

  test('in their order also when one of them was made current again', async () => {
    const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
    for (const text of ['first', 'second', 'third']) await putText(driver, 'key', text);
    await driver.remove({ key: 'key' }, context());
    await driver.versions.undelete?.({ key: 'key' }, context());
    for (const text of ['fourth', 'fifth']) await putText(driver, 'key', text);
    expect(await history(driver, 'key')).toEqual(['fifth', 'fourth', 'third', 'second', 'first']);
  });

  test('in their order, though the clock was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const driver = await storeWith({ keep: 20, maxAgeMs: 1000 * dayMs });
    const times: number[] = [];
    for (const text of ['first', 'second', 'third', 'fourth']) {
      await putText(driver, 'key', text);
      times.push((await driver.head({ key: 'key' }, context())).lastModified.getTime());
      vi.setSystemTime(Date.now() - dayMs);
    }
    expect(await history(driver, 'key')).toEqual(['fourth', 'third', 'second', 'first']);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('when only metadata change, and then share the bytes', async () => {
    const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
    await putText(driver, 'key', 'text');
    const before = await driver.head({ key: 'key' }, context());
    const after = await driver.setMetadata({ key: 'key', ...attributesOf({ revised: 'yes' }) }, context());
    expect(after.etag).not.toBe(before.etag);
    expect(after.versionId).not.toBe(before.versionId);
    expect(after.checksum).toEqual(before.checksum);
    const earlier = await driver.head({ key: 'key', versionId: before.versionId ?? '' }, context());
    expect(earlier).toEqual(before);
    expect(await history(driver, 'key')).toEqual(['text', 'text']);
  });

  test('not at all with versions: false, and nothing is left in versions/', async () => {
    const driver = await storeWith(undefined);
    await putText(driver, 'key', 'first');
    await putText(driver, 'key', 'second');
    await driver.remove({ key: 'key' }, context());
    expect(driver.versions).toBeUndefined();
    expect(await readdir(driver.store.roots.base)).not.toContain('versions');
  });
});

describe('an object that is moved', () => {
  test('is a deleted one at its old key, and can be brought back there beside the new one', async () => {
    const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
    await putText(driver, 'from', 'text');
    await driver.move({ source: { key: 'from' }, key: 'to', condition: {} }, context());
    expect(await history(driver, 'from')).toEqual(['deleted', 'text']);
    await driver.versions.undelete?.({ key: 'from' }, context());

    // They had one file in common; now a change of one does not reach the other.
    const to = await driver.head({ key: 'to' }, context());
    await driver.setMetadata({ key: 'from', ...attributesOf({ revised: 'yes' }) }, context());
    expect(await driver.head({ key: 'to' }, context())).toEqual(to);
    await driver.move({ source: { key: 'from' }, key: 'to', condition: {} }, context());
    expect((await driver.head({ key: 'to' }, context())).metadata).toEqual({ revised: 'yes' });
    expect(await driver.exists({ key: 'from' }, context())).toBe(false);
  });

  test('gets an etag that its new key has never had', async () => {
    const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
    const first = await putText(driver, 'a', 'text');
    await driver.move({ source: { key: 'a' }, key: 'b', condition: {} }, context());
    await driver.move({ source: { key: 'b' }, key: 'a', condition: {} }, context());
    expect((await driver.head({ key: 'a' }, context())).etag).not.toBe(first.etag);
  });
});

test('two objects that are one file by a hard link of somebody else can be moved onto each other', async () => {
  const { link } = await import('node:fs/promises');
  const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
  await putText(driver, 'a', 'text');
  await link(join(driver.store.roots.data, 'a'), join(driver.store.roots.data, 'b'));
  await driver.move({ source: { key: 'a' }, key: 'b', condition: {} }, context());
  expect(await driver.exists({ key: 'a' }, context())).toBe(false);
  expect(await getText(driver, 'b')).toBe('text');
  expect((await driver.head({ key: 'b' }, context())).metadata).toEqual({ of: 'text' });
});

test('an undeleted object is as it was: bytes, metadata, version and etag', async () => {
  const driver = await storeWith({ keep: 20, maxAgeMs: dayMs });
  await putText(driver, 'key', 'first');
  await driver.setMetadata({ key: 'key', ...attributesOf({ revised: 'yes' }) }, context());
  const before = await driver.head({ key: 'key' }, context());
  await driver.remove({ key: 'key' }, context());
  await driver.versions.undelete?.({ key: 'key' }, context());
  expect(await driver.head({ key: 'key' }, context())).toEqual(before);
});
