import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import type { StorageDriver } from '@storage/core/driver';
import { keysUnder } from '../assertions.ts';
import { utf8 } from '../bodies.ts';

export const bytes: Uint8Array = utf8('setup');

/** One call of every method that needs no capability. */
export function everyCall(backend: StorageBackend, key: string): Record<string, () => Promise<unknown>> {
  return {
    save: () => backend.save(key, bytes),
    retrieve: () => backend.retrieve(key),
    delete: () => backend.delete(key),
    exists: () => backend.exists(key),
    getMetadata: () => backend.getMetadata(key),
    listFiles: () => backend.listFiles(key),
    listPage: () => backend.listPage({ prefix: key }),
    walk: () => keysUnder(backend, key),
    deleteMany: () => backend.deleteMany([key]),
    deletePrefix: () => backend.deletePrefix(key),
    initialize: () => backend.initialize(),
  };
}

/** The driver that a backend speaks through. */
export async function driverOf(backend: StorageBackend): Promise<StorageDriver> {
  let found: StorageDriver | undefined;
  const view = backend.with((driver) => {
    found = driver;
    return driver;
  });
  await view.initialize();
  await view.close();
  assert.ok(found, 'a layer is given the driver');
  return found;
}

/** Which optional members must exist by what the capabilities claim, and which do. */
export function claimedMembers(driver: StorageDriver): {
  readonly claimed: Record<string, boolean>;
  readonly there: Record<string, boolean>;
} {
  const { capabilities, multipart, versions, tiers } = driver;
  const { multipart: parts, sign } = capabilities;
  const members: Record<string, readonly [claimed: boolean, there: boolean]> = {
    copy: [capabilities.copy, 'copy' in driver],
    move: [capabilities.atomicMove, 'move' in driver],
    removeMany: [capabilities.batchDelete !== false, 'removeMany' in driver],
    setMetadata: [capabilities.setMetadata, 'setMetadata' in driver],
    sign: [sign !== false, 'sign' in driver],
    signForm: [sign !== false && sign.uploadForm, 'signForm' in driver],
    multipart: [parts !== false, 'multipart' in driver],
    listIncomplete: [parts !== false && parts.listIncomplete !== false, 'listIncomplete' in (multipart ?? {})],
    versions: [capabilities.versions !== false, 'versions' in driver],
    undelete: [capabilities.undelete, 'undelete' in (versions ?? {})],
    tiers: [capabilities.tiers !== false, 'tiers' in driver],
    restore: [capabilities.archiveTiers !== false, 'restore' in (tiers ?? {})],
    tags: [capabilities.tags, 'tags' in driver],
  };
  const names = Object.entries(members);
  return {
    claimed: Object.fromEntries(names.map(([name, [claimed]]) => [name, claimed])),
    there: Object.fromEntries(names.map(([name, [, there]]) => [name, there])),
  };
}
