import type { Capabilities } from '@storage/core';
import type { Layer, ObjectInfo, StorageDriver } from '@storage/core/driver';
import { defineCapabilities, overDriver } from '@storage/core/driver';

/** Makes of any driver one with only what every driver must have: each claim that can be refused is refused. */
export const plain: Layer = (driver) => {
  const view: StorageDriver = overDriver(driver, {
    capabilities: plainCapabilities(driver.capabilities),
    head: async (request, context) => plainInfo(await driver.head(request, context)),
    get: async (request, context) => {
      const answer = await driver.get(request, context);
      return { ...answer, info: plainInfo(answer.info) };
    },
    put: async (request, context) => {
      const { size, etag } = await driver.put(request, context);
      return { size, etag };
    },
    remove: async (request, context) => {
      await driver.remove(request, context);
      return { existed: undefined };
    },
    listPage: async (request, context) => {
      const page = await driver.listPage(request, context);
      return { ...page, entries: page.entries.map(({ tier: _tier, ...entry }) => entry) };
    },
  });
  const { multipart: _parts, copy: _copy, move: _move, removeMany: _many, setMetadata: _metadata, ...rest } = view;
  const { sign: _sign, signForm: _form, versions: _versions, tiers: _tiers, tags: _tags, ...required } = rest;
  return required;
};

function plainInfo(info: ObjectInfo): ObjectInfo {
  const { versionId: _version, tier: _tier, archive: _archive, checksum: _checksum, ...rest } = info;
  return rest;
}

function plainCapabilities(capabilities: Capabilities): Capabilities {
  return defineCapabilities({
    ...capabilities,
    listMetadata: false,
    lastModifiedPrecision: 'second',
    saveReportsLastModified: false,
    ifAbsentPut: false,
    ifMatchPut: false,
    ifNoneMatchPut: false,
    ifAbsentCopy: false,
    ifMatchCopy: false,
    sourceIfMatchCopy: false,
    ifMatchDelete: false,
    mustExistDelete: false,
    ifMatchMetadata: false,
    modifiedSinceRead: false,
    deleteReportsExistence: false,
    singlePut: { maxSize: 2 ** 31, unknownSize: false },
    multipart: false,
    batchDelete: false,
    copy: false,
    atomicMove: false,
    setMetadata: false,
    sign: false,
    versions: false,
    undelete: false,
    tiers: false,
    archiveTiers: false,
    tags: false,
    storedChecksum: false,
  } satisfies Capabilities);
}
