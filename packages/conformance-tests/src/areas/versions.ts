import assert from 'node:assert/strict';
import type { FileVersion, SaveResult, StorageBackend } from '@storage/core';
import { overDriver } from '@storage/core/driver';
import type { VersionsMember } from '@storage/core/driver';
import {
  absent,
  expectCode,
  expectRefused,
  headOf,
  holds,
  keysUnder,
  rejectionOf,
  sameBytes,
  unchanged,
} from '../assertions.ts';
import { failingBody, iterable, pattern, utf8 } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import { storedAttributes } from '../stored.ts';

type Run = (context: CaseContext) => Promise<void>;

/** Every call that needs versions, refused. */
async function refuseVersions(context: CaseContext): Promise<void> {
  const key = context.key();
  await context.backend.save(key, 'text');
  const calls: readonly ((backend: StorageBackend) => Promise<unknown>)[] = [
    (backend) => backend.getVersions(key),
    (backend) => backend.restoreVersion(key, 'v1'),
    (backend) => backend.retrieve(key, { versionId: 'v1' }),
    (backend) => backend.getMetadata(key, { versionId: 'v1' }),
    (backend) => backend.delete(key, { versionId: 'v1' }),
    (backend) => backend.copy(key, context.key('copy'), { sourceVersionId: 'v1' }),
    (backend) => backend.undelete(key),
  ];
  for (const call of calls) await expectRefused(context, key, call);
  await absent(context.backend, context.key('copy'));
}

function versionCase(number: number, letter: string | undefined, title: string, run: Run): ConformanceCase {
  return {
    number,
    ...(letter === undefined ? {} : { letter }),
    title,
    claims: ['versions'],
    needs: (capabilities) => capabilities.versions !== false,
    refused: refuseVersions,
    run,
  };
}

/** The version that a save made, which it must tell. */
function versionOf(saved: SaveResult): string {
  assert.equal(typeof saved.versionId, 'string', 'the result of a save names its version');
  return saved.versionId as string;
}

/** Saves bodies one after the other; resolves to their versions, oldest first. */
async function saveAll(backend: StorageBackend, key: string, bodies: readonly string[]): Promise<string[]> {
  const versions: string[] = [];
  for (const body of bodies) versions.push(versionOf(await backend.save(key, body, { metadata: { body } })));
  return versions;
}

async function readVersion(backend: StorageBackend, key: string, versionId: string): Promise<string> {
  return (await backend.retrieve(key, { versionId })).text();
}

/** Versions that hold bytes, without the deletions. */
function objects(versions: readonly FileVersion[]): readonly FileVersion[] {
  return versions.filter((version) => !version.isDeleteMarker);
}

const readOld = versionCase(235, undefined, 'an overwritten version is read by its id, as it was', async (context) => {
  const { backend } = context;
  const key = context.key();
  const first = versionOf(await backend.save(key, pattern(5000, 1), storedAttributes));
  const second = versionOf(await backend.save(key, 'second'));
  assert.notEqual(first, second);
  const file = await backend.retrieve(key, { versionId: first });
  assert.equal(file.versionId, first);
  assert.equal(file.contentType, storedAttributes.contentType);
  assert.deepEqual(file.metadata, storedAttributes.metadata);
  sameBytes(await file.bytes(), pattern(5000, 1));
  assert.equal(await readVersion(backend, key, second), 'second');
  await holds(backend, key, utf8('second'));
});

const readOldRange = versionCase(
  235,
  'a',
  'a range and conditions apply to the version that is asked for',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const first = await backend.save(key, '0123456789');
    const second = await backend.save(key, 'abcdefghij');
    const versionId = versionOf(first);
    const file = await backend.retrieve(key, { versionId, range: { start: 2, end: 5 }, ifMatch: first.etag });
    assert.equal(await file.text(), '234');
    assert.equal(file.size, 10);
    await expectCode(backend.retrieve(key, { versionId, ifMatch: second.etag }), 'PreconditionFailed');
    await expectCode(backend.retrieve(key, { versionId, ifNoneMatch: first.etag }), 'NotModified');
  },
);

const partsMakeOne = versionCase(235, 'b', 'an upload in parts makes one version', async (context) => {
  const { backend, limits } = context;
  const key = context.key();
  const bytes = pattern(2 * limits.partSize + 7);
  const first = versionOf(await backend.save(key, iterable(bytes), { partSize: limits.partSize }));
  await backend.save(key, 'short');
  assert.equal((await backend.getVersions(key)).length, 2);
  sameBytes(await (await backend.retrieve(key, { versionId: first })).bytes(), bytes);
});

const failedMakesNone = versionCase(235, 'c', 'a write that fails makes no version', async (context) => {
  const { backend } = context;
  const key = context.key();
  await saveAll(backend, key, ['one', 'two']);
  const before = await backend.getVersions(key);
  await rejectionOf(backend.save(key, failingBody(pattern(100), new Error('source'))));
  await expectCode(backend.save(key, iterable(pattern(10)), { size: 11 }), 'LengthMismatch');
  assert.deepEqual(await backend.getVersions(key), before);
  await rejectionOf(backend.save(context.key('new'), failingBody(pattern(10), new Error('source'))));
  assert.deepEqual(await backend.getVersions(context.key('new')), []);
});

const metadataMakesOne: ConformanceCase = {
  number: 235,
  letter: 'd',
  title: 'the version before a metadata change keeps its metadata',
  claims: ['versions', 'setMetadata'],
  needs: ({ versions, setMetadata }) => versions !== false && setMetadata,
  refused: async (context) => {
    if (context.capabilities.versions === false) await refuseVersions(context);
    if (context.capabilities.setMetadata) return;
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) => backend.updateMetadata(context.key(), { a: '1' }));
  },
  run: async (context) => {
    const { backend } = context;
    const key = context.key();
    const first = versionOf(await backend.save(key, 'text', { metadata: { a: '1' } }));
    await backend.updateMetadata(key, { a: '2' });
    assert.deepEqual((await headOf(backend, key)).metadata, { a: '2' });
    assert.deepEqual((await backend.getMetadata(key, { versionId: first }))?.metadata, { a: '1' });
  },
};

const headByVersion = versionCase(
  236,
  undefined,
  'info is found by version; a missing version is not there',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first, second] = (await saveAll(backend, key, ['one', 'second'])) as [string, string];
    const info = await backend.getMetadata(key, { versionId: first });
    assert.equal(info?.size, 3);
    assert.equal(info.versionId, first);
    assert.deepEqual(info.metadata, { body: 'one' });
    assert.equal((await headOf(backend, key)).versionId, second, 'the current info names its version');

    await backend.delete(key, { versionId: first });
    assert.equal(await backend.getMetadata(key, { versionId: first }), undefined);
    await expectCode(backend.retrieve(key, { versionId: first }), 'NotFound');
    await expectCode(backend.retrieve(context.key('other'), { versionId: second }), 'NotFound');
  },
);

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
function pagedBy(backend: StorageBackend, size: number): { readonly backend: StorageBackend; pages(): number } {
  let pages = 0;
  const view = backend.with((driver) => {
    const versions = driver.versions as VersionsMember;
    const list: VersionsMember['list'] = async (request, callContext) => {
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
    for (const other of ['ab', 'a.b', 'a-', 'A', 'a ', 'a%']) await saveAll(backend, context.key(other), ['other']);
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [id],
    );
  },
);

const copyVersion: ConformanceCase = {
  ...versionCase(240, undefined, 'a version is copied by its id', async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    const [first] = await saveAll(backend, source, ['one', 'two']);
    await unchanged(backend, source, () => backend.copy(source, copy, { sourceVersionId: first }));
    await holds(backend, copy, utf8('one'));
    assert.deepEqual((await headOf(backend, copy)).metadata, { body: 'one' });
    await backend.copy(source, source, { sourceVersionId: first });
    await holds(backend, source, utf8('one'));
  }),
  needs: ({ versions, copy }) => versions !== false && copy,
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) =>
      backend.copy(context.key(), context.key('copy'), { sourceVersionId: 'v1' }),
    );
  },
};

const restore = versionCase(
  240,
  'a',
  'restoreVersion makes an earlier version current, as a new revision',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const first = versionOf(await backend.save(key, pattern(3000, 1), storedAttributes));
    const second = versionOf(await backend.save(key, 'second'));
    const result = await backend.restoreVersion(key, first);
    const info = await headOf(backend, key);
    await holds(backend, key, pattern(3000, 1));
    assert.deepEqual(info.metadata, storedAttributes.metadata);
    assert.equal(info.contentType, storedAttributes.contentType);
    assert.equal(info.cacheControl, storedAttributes.cacheControl);
    assert.equal(result.etag, info.etag);
    assert.equal(result.versionId, info.versionId);
    assert.ok(![first, second].includes(versionOf(result)), 'it is a revision of its own');
    assert.equal(await readVersion(backend, key, second), 'second');
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [result.versionId, second, first],
    );
  },
);

const restoreMissing = versionCase(
  240,
  'b',
  'restoring a version that is not there is NotFound and changes nothing',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first] = (await saveAll(backend, key, ['one', 'two'])) as [string];
    await backend.delete(key, { versionId: first });
    await unchanged(backend, key, () => expectCode(backend.restoreVersion(key, first), 'NotFound'));
    const [other] = (await saveAll(backend, context.key('other'), ['other'])) as [string];
    await backend.delete(context.key('other'), { versionId: other });
    await expectCode(backend.restoreVersion(context.key('other'), other), 'NotFound');
    await absent(backend, context.key('other'));
  },
);

const restoreDeleted = versionCase(240, 'c', 'restoreVersion brings a deleted object back', async (context) => {
  const { backend } = context;
  const key = context.key();
  const [first] = (await saveAll(backend, key, ['one', 'two'])) as [string];
  await backend.delete(key);
  await backend.restoreVersion(key, first);
  await holds(backend, key, utf8('one'));
  assert.deepEqual(await keysUnder(backend, context.prefix), [key]);
});

function undeleteCase(letter: string, title: string, run: Run): ConformanceCase {
  return {
    number: 240,
    letter,
    title,
    claims: ['undelete'],
    needs: (capabilities) => capabilities.undelete,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.undelete(context.key()));
      await context.backend.delete(context.key());
      await expectRefused(context, context.key(), (backend) => backend.undelete(context.key()));
    },
    run,
  };
}

const undelete = undeleteCase('d', 'undelete brings a deleted object back as it was', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'earlier');
  await backend.save(key, pattern(3000, 1), storedAttributes);
  const before = await headOf(backend, key);
  await backend.delete(key);
  const result = await backend.undelete(key);
  const info = await headOf(backend, key);
  await holds(backend, key, pattern(3000, 1));
  assert.equal(result.key, key);
  assert.equal(result.etag, info.etag);
  assert.deepEqual(info.metadata, before.metadata);
  assert.equal(info.contentType, before.contentType);
  assert.deepEqual(await keysUnder(backend, context.prefix), [key]);
});

const undeleteTwice = undeleteCase(
  'e',
  'undelete after several deletes brings the newest object back',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'one');
    await backend.delete(key);
    await backend.save(key, 'two');
    await backend.delete(key);
    await backend.delete(key);
    await backend.undelete(key);
    await holds(backend, key, utf8('two'));
  },
);

const undeleteNothing = undeleteCase(
  'f',
  'undelete of an object that is there changes nothing; of one that never was is NotFound',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'text', storedAttributes);
    await unchanged(backend, key, () => backend.undelete(key));
    await expectCode(backend.undelete(context.key('never')), 'NotFound');
    await absent(backend, context.key('never'));
    await expectCode(backend.undelete(''), 'InvalidKey');
  },
);

const stateCase: ConformanceCase = {
  number: 237,
  letter: 'c',
  title: 'state tells whether versions are kept, as the capabilities say',
  claims: ['versions'],
  run: async ({ backend, capabilities }) => {
    const { versioning } = await backend.state();
    assert.ok(['on', 'off', 'suspended', 'unknown'].includes(versioning), `versioning is ${versioning}`);
    if (capabilities.versions === 'native') assert.equal(versioning, 'on');
    if (capabilities.versions === false) assert.notEqual(versioning, 'on');
  },
};

export const versions: Area = defineArea({
  name: 'versions',
  title: 'O. Versions',
  cases: [
    readOld,
    readOldRange,
    partsMakeOne,
    failedMakesNone,
    metadataMakesOne,
    headByVersion,
    deletionHides,
    deletionTwice,
    markerIsNoObject,
    stateCase,
    deleteVersion,
    deleteVersionArguments,
    listed,
    listedInPages,
    listedExactly,
    copyVersion,
    restore,
    restoreMissing,
    restoreDeleted,
    undelete,
    undeleteTwice,
    undeleteNothing,
  ],
});
