import type { StorageDriver } from '@storage/core/driver';
import { attributesOf, bodyOf, context, putText, streamOf } from '../driver.ts';

type Driver = Required<StorageDriver>;

/** A change of a store: what was there before, and what a process that is killed was doing. */
export interface Scenario {
  readonly prepare: (driver: Driver) => Promise<void>;
  readonly act: (driver: Driver) => Promise<unknown>;
  /** Includes what an instance does at its first write. */
  readonly isFirst?: true;
  /** Left to the long run. */
  readonly isRare?: true;
  /** What only exists where versions are kept. */
  readonly needsVersions?: true;
}

const key = 'folder/a.txt';
const other = 'other/b.txt';
const large = Buffer.alloc(2_500_000, 'large ');

const headers = { contentType: 'text/markdown' };

async function nothing(): Promise<void> {}

async function putOld(driver: Driver): Promise<void> {
  await putText(driver, key, 'old');
}

async function putTwice(driver: Driver): Promise<void> {
  await putText(driver, key, 'older');
  await putText(driver, key, 'old');
}

async function putBoth(driver: Driver): Promise<void> {
  await putText(driver, key, 'source');
  await putText(driver, other, 'old');
}

async function putDeleted(driver: Driver): Promise<void> {
  await putTwice(driver);
  await driver.remove({ key }, context());
}

async function putRevised(driver: Driver): Promise<void> {
  await putOld(driver);
  await driver.setMetadata({ key, headers, metadata: { revised: 'yes' } }, context());
  await driver.remove({ key }, context());
}

async function beginUpload(driver: Driver): Promise<void> {
  await putOld(driver);
  const { uploadId } = await driver.multipart.create(
    { key, attributes: attributesOf({ of: 'parts' }), integrity: 'default' },
    context(),
  );
  for (const partNumber of [1, 2]) {
    const part = {
      key,
      uploadId,
      partNumber,
      body: bodyOf(`part ${String(partNumber)};`),
      integrity: 'default' as const,
    };
    await driver.multipart.putPart(part, context());
  }
}

async function upload(driver: Driver) {
  const [session] = (await driver.multipart.listIncomplete?.({}, context()))?.uploads ?? [];
  if (session === undefined) throw new Error('no upload was begun');
  const { uploadId } = session;
  const { parts } = await driver.multipart.listParts({ key, uploadId }, context());
  return { key, uploadId, parts };
}

async function versionIdOf(driver: Driver, isWanted: 'earlier' | 'current' | 'deletion'): Promise<string> {
  const { versions } = await driver.versions.list({ key, limit: 100 }, context());
  const found = versions.find(({ isCurrent, isDeleteMarker }) =>
    isWanted === 'deletion' ? isDeleteMarker : !isDeleteMarker && isCurrent === (isWanted === 'current'),
  );
  if (found === undefined) throw new Error(`no ${isWanted} version`);
  return found.versionId;
}

function put(condition: Parameters<Driver['put']>[0]['condition'], body = bodyOf('new')) {
  return (driver: Driver) => {
    const attributes = attributesOf({ of: 'new' }, { tag: 'new' });
    return driver.put({ key, body, attributes, condition, integrity: 'default' }, context());
  };
}

/** Every way in which a store changes. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'save a new key': { isFirst: true, prepare: nothing, act: put({}) },
  'save a new key, create-only': { isRare: true, prepare: nothing, act: put({ ifAbsent: true }) },
  'save a stream': { prepare: putOld, act: (driver) => put({}, streamOf(large) as never)(driver) },
  overwrite: { prepare: putTwice, act: put({}) },
  'overwrite the very same bytes': { isRare: true, prepare: putOld, act: (driver) => put({}, bodyOf('old'))(driver) },
  delete: { prepare: putTwice, act: (driver) => driver.remove({ key }, context()) },
  'copy to a new key': {
    isRare: true,
    prepare: putOld,
    act: (driver) => driver.copy({ source: { key }, key: other, condition: {} }, context()),
  },
  'copy over another': {
    prepare: putBoth,
    act: (driver) => driver.copy({ source: { key }, key: other, condition: {} }, context()),
  },
  'move to a new key': {
    isRare: true,
    prepare: putTwice,
    act: (driver) => driver.move({ source: { key }, key: other, condition: {} }, context()),
  },
  'move over another': {
    prepare: putBoth,
    act: (driver) => driver.move({ source: { key }, key: other, condition: {} }, context()),
  },
  'update metadata': {
    prepare: putTwice,
    act: (driver) => driver.setMetadata({ key, headers, metadata: { revised: 'yes' } }, context()),
  },
  'set tags': {
    isRare: true,
    prepare: putOld,
    act: (driver) => driver.tags.set({ key, tags: { tag: 'set' } }, context()),
  },
  'complete an upload': {
    prepare: beginUpload,
    act: async (driver) =>
      driver.multipart.complete(
        { ...(await upload(driver)), attributes: attributesOf({ of: 'parts' }), condition: {} },
        context(),
      ),
  },
  'add a part': {
    isRare: true,
    prepare: beginUpload,
    act: async (driver) =>
      driver.multipart.putPart(
        { ...(await upload(driver)), partNumber: 2, body: bodyOf('another 2'), integrity: 'default' },
        context(),
      ),
  },
  'begin an upload': {
    isRare: true,
    prepare: putOld,
    act: (driver) => driver.multipart.create({ key, attributes: attributesOf(), integrity: 'default' }, context()),
  },
  'abort an upload': {
    isRare: true,
    prepare: beginUpload,
    act: async (driver) => driver.multipart.abort(await upload(driver), context()),
  },
  'restore a version': {
    needsVersions: true,
    prepare: putTwice,
    act: async (driver) => driver.versions.restore({ key, versionId: await versionIdOf(driver, 'earlier') }, context()),
  },
  undelete: {
    needsVersions: true,
    prepare: putDeleted,
    act: (driver) => driver.versions.undelete?.({ key }, context()) ?? nothing(),
  },
  'undelete after an update of metadata': {
    isRare: true,
    needsVersions: true,
    prepare: putRevised,
    act: (driver) => driver.versions.undelete?.({ key }, context()) ?? nothing(),
  },
  'remove an earlier version': {
    isRare: true,
    needsVersions: true,
    prepare: putTwice,
    act: async (driver) => driver.remove({ key, versionId: await versionIdOf(driver, 'earlier') }, context()),
  },
  'remove the current version': {
    needsVersions: true,
    prepare: putTwice,
    act: async (driver) => driver.remove({ key, versionId: await versionIdOf(driver, 'current') }, context()),
  },
  'remove a deletion': {
    isRare: true,
    needsVersions: true,
    prepare: putDeleted,
    act: async (driver) => driver.remove({ key, versionId: await versionIdOf(driver, 'deletion') }, context()),
  },
};
