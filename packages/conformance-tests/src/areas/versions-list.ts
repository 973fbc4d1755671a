import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import type { VersionsMember } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import { absent, expectCode, holds, keysUnder, unchanged } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { objects, readVersion, saveAll, versionCase } from './versions-case.ts';

const deletionHides = versionCase(
  237,
  undefined,
  'a delete hides the object and keeps its versions readable',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first, second] = (await saveAll(backend, key, ['one', 'two'])) as [string, string];
    const result = await backend.delete(key);
    await absent(backend, key);
    assert.deepEqual(await keysUnder(backend, context.prefix), []);
    assert.equal(await readVersion(backend, key, first), 'one');
    assert.equal(await readVersion(backend, key, second), 'two');
    const versions = await backend.getVersions(key);
    assert.deepEqual(
      objects(versions).map((version) => version.versionId),
      [second, first],
    );
    assert.ok(!objects(versions).some((version) => version.isCurrent), 'no object is current');
    for (const marker of versions.filter((version) => version.isDeleteMarker)) assert.equal(marker.size, 0);
    if (result.deleteMarker !== true) return;
    assert.equal(versions[0]?.isDeleteMarker, true, 'the deletion comes first');
    assert.equal(versions[0].versionId, result.versionId, 'and has the id that the delete told');
  },
);

const deletionTwice = versionCase(
  237,
  'a',
  'a key is saved, deleted and saved again with its history kept',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first] = await saveAll(backend, key, ['one']);
    await backend.delete(key);
    await backend.delete(key);
    const [second] = await saveAll(backend, key, ['two']);
    await holds(backend, key, utf8('two'));
    const versions = await backend.getVersions(key);
    assert.deepEqual(
      objects(versions).map((version) => version.versionId),
      [second, first],
    );
    assert.equal(versions[0]?.isCurrent, true);
  },
);

const markerIsNoObject = versionCase(237, 'b', 'the id of a deletion is not an object', async (context) => {
  const { backend } = context;
  const key = context.key();
  await saveAll(backend, key, ['one']);
  await backend.delete(key);
  const markers = (await backend.getVersions(key)).filter((version) => version.isDeleteMarker);
  for (const { versionId } of markers) {
    await expectCode(backend.retrieve(key, { versionId }), 'NotFound');
    assert.equal(await backend.getMetadata(key, { versionId }), undefined);
  }
  await absent(backend, key);
});

const deleteVersion = versionCase(
  238,
  undefined,
  'deleting a version removes only it; a missing one resolves',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first, second, third] = (await saveAll(backend, key, ['one', 'two', 'three'])) as [string, string, string];
    await unchanged(backend, key, () => backend.delete(key, { versionId: second }));
    await expectCode(backend.retrieve(key, { versionId: second }), 'NotFound');
    assert.equal(await readVersion(backend, key, first), 'one');
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [third, first],
    );
    const again = await unchanged(backend, key, () => backend.delete(key, { versionId: second }));
    assert.notEqual(again.existed, true);
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [third, first],
    );
  },
);

const deleteVersionArguments = versionCase(
  238,
  'a',
  'versionId goes with no other condition and is a string',
  async (context) => {
    const { faults, backend } = await context.makeFaulty([]);
    await expectCode(backend.delete(context.key(), { versionId: '' }), 'InvalidArgument');
    await expectCode(backend.retrieve(context.key(), { versionId: 1 as unknown as string }), 'InvalidArgument');
    await expectCode(backend.restoreVersion(context.key(), ''), 'InvalidArgument');
    await expectCode(backend.restoreVersion(context.key(), undefined as unknown as string), 'InvalidArgument');
    await expectCode(backend.getVersions(context.key(), { limit: 0 }), 'InvalidArgument');
    if (context.capabilities.ifMatchDelete) {
      await expectCode(backend.delete(context.key(), { versionId: 'v', ifMatch: '"e"' }), 'InvalidArgument');
    }
    assert.deepEqual(faults.calls, []);
  },
);

const listed = versionCase(
  239,
  undefined,
  'versions are listed newest first, with what their own infos say',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const ids = await saveAll(backend, key, ['1', '22', '333', '4444', '55555']);
    const versions = await backend.getVersions(key);
    assert.deepEqual(
      versions.map((version) => version.versionId),
      ids.toReversed(),
    );
    assert.deepEqual(
      versions.map((version) => version.size),
      [5, 4, 3, 2, 1],
    );
    assert.deepEqual(
      versions.map((version) => version.isCurrent),
      [true, false, false, false, false],
    );
    for (const version of versions) {
      const info = await backend.getMetadata(key, { versionId: version.versionId });
      assert.equal(version.key, key);
      assert.equal(version.etag, info?.etag);
      assert.equal(
        Math.floor(version.lastModified.getTime() / 1000),
        Math.floor((info?.lastModified.getTime() ?? 0) / 1000),
      );
    }
    assert.deepEqual(
      (await backend.getVersions(key, { limit: 2 })).map((version) => version.versionId),
      ids.slice(3).toReversed(),
    );
    assert.deepEqual(await backend.getVersions(context.key('missing')), []);
  },
);

const listedInPages = versionCase(239, 'a', 'pages of versions, of any size, make the same list', async (context) => {
  const key = context.key();
  await saveAll(context.backend, key, ['1', '2', '3']);
  await context.backend.delete(key);
  await saveAll(context.backend, key, ['4', '5']);
  const whole = await context.backend.getVersions(key);
  for (const size of [1, 2, whole.length - 1, whole.length, whole.length + 1]) {
    const { backend, pages } = pagedBy(context.backend, size);
    assert.deepEqual(await backend.getVersions(key), whole, `pages of ${size}`);
    assert.ok(pages() >= Math.ceil(whole.length / size), 'several pages were asked for');
  }
});

/** A view that asks for at most `size` versions at a time. */
function pagedBy(
  backend: StorageBackend,
  size: number,
): { readonly backend: StorageBackend; readonly pages: () => number } {
  let pages = 0;
  const view = backend.with((driver) => {
    const versions = driver.versions as VersionsMember;
    const list = async (
      ...[request, callContext]: Parameters<VersionsMember['list']>
    ): ReturnType<VersionsMember['list']> => {
      pages += 1;
      const page = await versions.list({ ...request, limit: Math.min(request.limit, size) }, callContext);
      assert.ok(page.versions.length <= size, 'a page is not larger than asked for');
      return page;
    };
    return overDriver(driver, { versions: { ...versions, list } });
  });
  return { backend: view, pages: () => pages };
}

const listedExactly = versionCase(
  239,
  'b',
  'versions of a key are not those of keys that begin with it',
  async (context) => {
    const { backend } = context;
    const key = context.key('a');
    const [id] = await saveAll(backend, key, ['one']);
    for (const other of ['ab', 'a.b', 'a-', 'A-b', 'a ', 'a%']) await saveAll(backend, context.key(other), ['other']);
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [id],
    );
  },
);

/** Histories: their order, deletions, and versions that are removed. */
export const versionLists: readonly ConformanceCase[] = [
  deletionHides,
  deletionTwice,
  markerIsNoObject,
  deleteVersion,
  deleteVersionArguments,
  listed,
  listedInPages,
  listedExactly,
];
