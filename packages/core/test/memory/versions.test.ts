import { expect, test } from 'vitest';
import { context, keysOf, memory, rejects, save, text } from './setup.ts';

async function history(driver: ReturnType<typeof memory>, key: string): Promise<string[]> {
  const { versions } = await driver.versions.list({ key, limit: 1000 }, context);
  return versions.map(
    (version) => `${version.versionId}${version.isDeleteMarker ? ' deleted' : ''}${version.isCurrent ? ' *' : ''}`,
  );
}

test('an overwritten and a deleted version stay readable, newest first', async () => {
  const driver = memory();
  const one = await save(driver, 'a', 'one');
  const two = await save(driver, 'a', 'two');
  const deletion = await driver.remove({ key: 'a' }, context);
  expect(deletion).toMatchObject({ existed: true, deleteMarker: true });
  expect(await history(driver, 'a')).toEqual([
    `${String(deletion.versionId)} deleted *`,
    String(two.versionId),
    String(one.versionId),
  ]);
  expect(await keysOf(driver)).toEqual([]);
  await rejects(driver.head({ key: 'a' }, context), 'NotFound');
  await rejects(driver.head({ key: 'a', versionId: String(deletion.versionId) }, context), 'NotFound');
  expect(await text(driver, 'a', { versionId: String(one.versionId) })).toBe('one');
});

test('deleting one version removes only it; deleting the marker brings the object back', async () => {
  const driver = memory();
  const one = await save(driver, 'a', 'one');
  const two = await save(driver, 'a', 'two');
  const marker = await driver.remove({ key: 'a' }, context);
  expect(await driver.remove({ key: 'a', versionId: String(two.versionId) }, context)).toMatchObject({ existed: true });
  expect(await driver.remove({ key: 'a', versionId: 'none' }, context)).toEqual({ existed: false });
  await rejects(driver.remove({ key: 'a', versionId: 'none', mustExist: true }, context), 'NotFound');
  await driver.remove({ key: 'a', versionId: String(marker.versionId) }, context);
  expect(await text(driver, 'a')).toBe('one');
  await driver.remove({ key: 'a', versionId: String(one.versionId) }, context);
  expect(await history(driver, 'a')).toEqual([]);
  expect(await keysOf(driver)).toEqual([]);
});

test('a restored version is a new revision', async () => {
  const driver = memory();
  const one = await save(driver, 'a', 'one', { attributes: { headers: { contentType: 'x/y' }, metadata: { m: '1' } } });
  await save(driver, 'a', 'two');
  const restored = await driver.versions.restore({ key: 'a', versionId: String(one.versionId) }, context);
  expect(restored.versionId).not.toBe(one.versionId);
  expect(await driver.head({ key: 'a' }, context)).toMatchObject({
    ...restored,
    contentType: 'x/y',
    metadata: { m: '1' },
  });
  expect((await history(driver, 'a')).length).toBe(3);
  await rejects(driver.versions.restore({ key: 'a', versionId: 'none' }, context), 'NotFound');
});

test('undelete brings back the newest version, as it was', async () => {
  const driver = memory();
  await rejects(driver.versions.undelete({ key: 'a' }, context), 'NotFound');
  const saved = await save(driver, 'a', 'one');
  await driver.remove({ key: 'a' }, context);
  expect(await driver.versions.undelete({ key: 'a' }, context)).toEqual(saved);
  expect(await driver.versions.undelete({ key: 'a' }, context)).toEqual(saved);
  expect(await keysOf(driver)).toEqual(['a']);
});

test('ifAbsent holds for a deleted key', async () => {
  const driver = memory();
  await save(driver, 'a', 'one');
  await driver.remove({ key: 'a' }, context);
  await save(driver, 'a', 'two', { condition: { ifAbsent: true } });
});

test('versions come in pages, also when the version that ended a page is gone', async () => {
  const driver = memory();
  const ids: string[] = [];
  for (const content of ['1', '2', '3', '4', '5']) ids.unshift(String((await save(driver, 'a', content)).versionId));
  const first = await driver.versions.list({ key: 'a', limit: 2 }, context);
  expect(first.versions.map((version) => version.versionId)).toEqual(ids.slice(0, 2));
  await driver.remove({ key: 'a', versionId: String(ids[1]) }, context);
  const rest = await driver.versions.list({ key: 'a', limit: 3, cursor: String(first.cursor) }, context);
  expect(rest.versions.map((version) => version.versionId)).toEqual(ids.slice(2));
  expect(rest.cursor).toBeUndefined();
  await rejects(driver.versions.list({ key: 'a', limit: 1, cursor: 'foreign cursor' }, context), 'InvalidArgument');
});

test('without versions nothing is kept and nothing claimed', async () => {
  const driver = memory({ versions: false });
  expect(driver.capabilities).toMatchObject({ versions: false, undelete: false });
  expect(driver.versions).toBeUndefined();
  expect(await driver.state(context)).toEqual({ versioning: 'off' });
  expect(await save(driver, 'a', 'one')).not.toHaveProperty('versionId');
  expect(await driver.remove({ key: 'a' }, context)).toEqual({ existed: true });
  expect(await driver.remove({ key: 'a' }, context)).toEqual({ existed: false });
});
