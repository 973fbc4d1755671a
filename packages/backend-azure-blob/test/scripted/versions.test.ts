import { describe, expect, test } from 'vitest';
import { blob, failure, listed, listing } from './documented-answers.ts';
import type { ScriptedAnswer, ScriptedRequest } from './scripted-service.ts';
import { errorOf, inTurn, scripted } from './setup.ts';
import { versionedAccount } from './versioned-account.ts';

// Azurite has no versions; these answers are written from the service's documentation.
describe('an account with versions, scripted', () => {
  const open = () => scripted(versionedAccount(), { versions: true });
  const key = 'a/b.txt';

  test('every write makes a version that can be read, listed newest first, and tells its id', async () => {
    const { backend } = await open();
    const first = await backend.save(key, 'one');
    const second = await backend.save(key, 'second');
    await backend.save(`${key}.other`, 'x');
    expect(first.versionId).toMatch(/^2026-/);
    expect(await backend.state()).toEqual({ versioning: 'on' });
    const versions = await backend.getVersions(key);
    expect(versions.map(({ versionId, size, isCurrent }) => [versionId, size, isCurrent])).toEqual([
      [second.versionId, 6, true],
      [first.versionId, 3, false],
    ]);
    const [old] = versions.slice(-1);
    expect(await (await backend.retrieve(key, { versionId: old?.versionId })).text()).toBe('one');
    expect(await backend.getMetadata(key, { versionId: old?.versionId })).toMatchObject({ etag: first.etag });
    expect((await backend.getMetadata(key))?.versionId).toBe(second.versionId);
    expect(await backend.getVersions(key, { limit: 1 })).toHaveLength(1);
  });

  test('a version that is deleted is gone, the others stay; again it resolves', async () => {
    const { backend } = await open();
    const { versionId } = await backend.save(key, 'one');
    await backend.save(key, 'two');
    expect(await backend.delete(key, { versionId })).toMatchObject({ existed: true, versionId });
    expect(await backend.delete(key, { versionId })).toMatchObject({ existed: false });
    expect(await errorOf(backend.retrieve(key, { versionId }))).toMatchObject({ code: 'NotFound' });
    expect(await (await backend.retrieve(key)).text()).toBe('two');
    const current = (await backend.getMetadata(key))?.versionId;
    const refused = await errorOf(backend.delete(key, { versionId: current }));
    expect(refused).toMatchObject({ code: 'InvalidArgument', providerCode: 'OperationNotAllowedOnRootBlob' });
    expect(refused.message).toContain('without versionId');
  });

  test('an earlier version becomes the current one, as a new one', async () => {
    const { backend } = await open();
    const { versionId = '' } = await backend.save(key, 'one');
    await backend.save(key, 'two');
    const restored = await backend.restoreVersion(key, versionId);
    expect(restored.versionId).not.toBe(versionId);
    expect(await (await backend.retrieve(key)).text()).toBe('one');
    expect(await backend.getVersions(key)).toHaveLength(3);
    const missing = '2020-01-01T00:00:00.0000000Z';
    expect(await errorOf(backend.restoreVersion(key, missing))).toMatchObject({ code: 'NotFound' });
  });

  test('undelete brings the newest version back; what is there stays; what never was is NotFound', async () => {
    const { backend } = await open();
    await backend.save(key, 'one');
    const { etag } = await backend.save(key, 'two');
    expect((await backend.undelete(key)).etag).toBe(etag);
    await backend.delete(key);
    expect(await backend.exists(key)).toBe(false);
    expect((await backend.getVersions(key)).map(({ isCurrent }) => isCurrent)).toEqual([false, false]);
    await backend.undelete(key);
    expect(await (await backend.retrieve(key)).text()).toBe('two');
    expect(await errorOf(backend.undelete('never'))).toMatchObject({ code: 'NotFound' });
  });

  test('a version can be signed', async () => {
    const { backend } = await open();
    const { versionId = '' } = await backend.save(key, 'one');
    const url = new URL(await backend.getUrl(key, { versionId }));
    expect(url.searchParams.get('versionid')).toBe(versionId);
    expect(url.searchParams.get('sr')).toBe('bv');
  });

  test('nothing is deleted by its version before an answer has named that version', async () => {
    const { backend, service } = await open();
    const { versionId } = await backend.save(key, 'one');
    await backend.save(key, 'two');
    const stranger = await scripted(ignoringVersions('two'), { versions: true });
    expect(await errorOf(stranger.backend.delete(key, { versionId }))).toMatchObject({ code: 'Unsupported' });
    expect(stranger.service.requests.every(({ method }) => method !== 'DELETE')).toBe(true);
    expect(service.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  test('an answer that names another version is refused, with its body unread', async () => {
    const other = { 'x-ms-version-id': '2025-05-05T00:00:00.0000000Z' };
    const { backend } = await scripted(ignoringVersions('current', other), { versions: true });
    const versionId = '2026-01-01T00:00:00.0000001Z';
    expect(await errorOf(backend.retrieve(key, { versionId }))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(backend.getMetadata(key, { versionId }))).toMatchObject({ code: 'Unsupported' });
  });

  test('a file from before versioning was switched on is no reason to doubt the account', async () => {
    const item = listed('old.txt', 3, '"0x1"');
    const known = listed('a.txt', 3, '"0x2"', '<VersionId>2026-01-01T00:00:00.0000001Z</VersionId>');
    const { backend } = await scripted(inTurn(listing([known]), listing([item])), { versions: true });
    expect(await backend.getVersions('old.txt')).toEqual([]);
  });
});

/** A service that takes `versionid` for nothing. */
function ignoringVersions(bytes: string, headers?: Readonly<Record<string, string>>) {
  return ({ query }: ScriptedRequest): ScriptedAnswer =>
    query.get('comp') === 'list' ? listing([]) : blob(bytes, headers);
}

test('without the option no version is asked for', async () => {
  const { backend, service } = await scripted(versionedAccount());
  const bypass = { versionId: '2026-01-01T00:00:00.0000001Z' } as object;
  expect(await errorOf(backend.delete('a', bypass))).toMatchObject({ code: 'Unsupported' });
  expect(await errorOf(backend.getVersions('a'))).toMatchObject({ code: 'Unsupported' });
  expect(service.requests).toEqual([]);
});

test('soft delete without versions: undeleteBlob brings a file back, and says what was not there', async () => {
  const back = await scripted(inTurn({ status: 200 }, blob('text')));
  expect(await back.backend.undeleteBlob('a.txt')).toMatchObject({ key: 'a.txt', size: 4 });
  expect(back.service.requests[0]?.query.get('comp')).toBe('undelete');
  const gone = await scripted(() => failure(404, 'BlobNotFound', 'The specified blob does not exist.'));
  expect(await errorOf(gone.backend.undeleteBlob('a.txt'))).toMatchObject({ code: 'NotFound' });
});
