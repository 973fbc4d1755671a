import { expect, test } from 'vitest';
import { context, memory, plain, rejects, save, text } from './setup.ts';

const day = 24 * 60 * 60 * 1000;
const inArchive = { attributes: { ...plain, tier: 'archive' } };

test('an archived object is readable only while it is restored', async () => {
  let now = 0;
  const driver = memory({ clock: () => now, restoreDelayMs: 1000 });
  const archive = async (): Promise<unknown> => (await driver.head({ key: 'a' }, context)).archive;
  await save(driver, 'a', 'x', inArchive);

  expect(await archive()).toEqual({ status: 'archived' });
  await rejects(driver.get({ key: 'a' }, context), 'Archived');
  await rejects(driver.copy({ source: { key: 'a' }, key: 'b', condition: {} }, context), 'Archived');
  await rejects(driver.tiers.set({ key: 'a', tier: 'hot' }, context), 'Archived');

  expect((await driver.tiers.restore({ key: 'a', days: 2 }, context)).archive).toEqual({ status: 'restoring' });
  await rejects(driver.get({ key: 'a' }, context), 'Archived');
  now = 500;
  // Asked again while it is under way, nothing changes.
  await driver.tiers.restore({ key: 'a', days: 9 }, context);

  now = 1000;
  expect(await archive()).toEqual({ status: 'restored', until: new Date(1000 + 2 * day) });
  expect(await text(driver, 'a')).toBe('x');
  await driver.copy({ source: { key: 'a' }, key: 'b', condition: {} }, context);
  expect((await driver.head({ key: 'b' }, context)).tier).toBe('hot');

  now = 1000 + 2 * day;
  expect(await archive()).toEqual({ status: 'archived' });
  await rejects(driver.get({ key: 'a' }, context), 'Archived');
});

test('asked again, a restored object stays readable for longer', async () => {
  let now = 0;
  const driver = memory({ clock: () => now });
  await save(driver, 'a', 'x', inArchive);
  await driver.tiers.restore({ key: 'a', days: 1 }, context);
  now = 1000;
  const info = await driver.tiers.restore({ key: 'a', days: 3 }, context);
  expect(info.archive).toEqual({ status: 'restored', until: new Date(1000 + 3 * day) });
});

test('a tier changes in place: same etag, same version', async () => {
  const driver = memory();
  const saved = await save(driver, 'a', 'x');
  const info = await driver.tiers.set({ key: 'a', tier: 'cool' }, context);
  expect(info).toMatchObject({ tier: 'cool', etag: saved.etag, versionId: saved.versionId });
  await driver.tiers.set({ key: 'a', tier: 'archive', versionId: String(saved.versionId) }, context);
  expect((await driver.head({ key: 'a' }, context)).archive).toEqual({ status: 'archived' });
});

test('an object that is in no archive has no archive state, and restoring it is done already', async () => {
  const driver = memory();
  await save(driver, 'a', 'x');
  expect(await driver.tiers.restore({ key: 'a', days: 1 }, context)).not.toHaveProperty('archive');
  await rejects(driver.tiers.restore({ key: 'a', days: 1, priority: 'high' }, context), 'Unsupported');
});

test('metadata and a move keep the archive state; a new body leaves the archive', async () => {
  const driver = memory();
  await save(driver, 'a', 'x', inArchive);
  await driver.tiers.restore({ key: 'a', days: 1 }, context);
  await driver.setMetadata({ key: 'a', headers: { contentType: 'x/y' }, metadata: {} }, context);
  await driver.move({ source: { key: 'a' }, key: 'b', condition: {} }, context);
  expect((await driver.head({ key: 'b' }, context)).archive).toMatchObject({ status: 'restored' });
  await save(driver, 'b', 'y');
  expect((await driver.head({ key: 'b' }, context)).tier).toBe('hot');
});
