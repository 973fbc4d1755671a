import assert from 'node:assert/strict';
import { expectCode, expectRefused, headOf, holds, rejectionOf, sameBytes } from '../assertions.ts';
import { failingBody, iterable, pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { storedAttributes } from '../stored.ts';
import { readVersion, refuseVersions, saveAll, versionCase, versionOf } from './versions-case.ts';

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

/** Earlier versions, read and asked for. */
export const versionReads: readonly ConformanceCase[] = [
  readOld,
  readOldRange,
  partsMakeOne,
  failedMakesNone,
  metadataMakesOne,
  headByVersion,
  stateCase,
];
