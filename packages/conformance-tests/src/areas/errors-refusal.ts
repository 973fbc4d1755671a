import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { StorageBackend } from '@storage/core';
import { errorCodes, isStorageError } from '@storage/core';
import type { StorageDriver } from '@storage/core/driver';
import { absent, expectRefused } from '../assertions.ts';
import type { ConformanceCase } from '../case.ts';
import { assertCode } from '../failures.ts';

/** A call with something that a backend may not claim. */
interface Unclaimed {
  readonly name: string;
  readonly claimed: (backend: StorageBackend) => boolean;
  readonly call: (backend: StorageBackend, key: string) => Promise<unknown>;
}

const optional: readonly Unclaimed[] = [
  {
    name: 'ifAbsentPut',
    claimed: (b) => b.capabilities.ifAbsentPut,
    call: (b, key) => b.save(key, 'x', { ifAbsent: true }),
  },
  {
    name: 'ifMatchPut',
    claimed: (b) => b.capabilities.ifMatchPut,
    call: (b, key) => b.save(key, 'x', { ifMatch: '"e"' }),
  },
  {
    name: 'ifNoneMatchPut',
    claimed: (b) => b.capabilities.ifNoneMatchPut,
    call: (b, key) => b.save(key, 'x', { ifNoneMatch: '"e"' }),
  },
  {
    name: 'ifMatchDelete',
    claimed: (b) => b.capabilities.ifMatchDelete,
    call: (b, key) => b.delete(key, { ifMatch: '"e"' }),
  },
  {
    name: 'mustExistDelete',
    claimed: (b) => b.capabilities.mustExistDelete,
    call: (b, key) => b.delete(key, { mustExist: true }),
  },
  {
    name: 'modifiedSinceRead',
    claimed: (b) => b.capabilities.modifiedSinceRead,
    call: (b, key) => b.retrieve(key, { ifModifiedSince: new Date(0) }),
  },
  { name: 'copy', claimed: (b) => b.capabilities.copy, call: (b, key) => b.copy(key, `${key}-2`) },
  { name: 'move', claimed: (b) => b.capabilities.copy, call: (b, key) => b.move(key, `${key}-2`) },
  {
    name: 'setMetadata',
    claimed: (b) => b.capabilities.setMetadata,
    call: (b, key) => b.updateMetadata(key, { a: '1' }),
  },
  { name: 'multipart', claimed: (b) => b.capabilities.multipart !== false, call: (b, key) => b.createUpload(key) },
  { name: 'sign', claimed: (b) => b.capabilities.sign !== false, call: (b, key) => b.getUrl(key) },
  { name: 'versions', claimed: (b) => b.capabilities.versions !== false, call: (b, key) => b.getVersions(key) },
  { name: 'undelete', claimed: (b) => b.capabilities.undelete, call: (b, key) => b.undelete(key) },
  { name: 'tiers', claimed: (b) => b.capabilities.tiers !== false, call: (b, key) => b.setTier(key, 'x') },
  {
    name: 'archiveTiers',
    claimed: (b) => b.capabilities.archiveTiers !== false,
    call: (b, key) => b.restoreArchived(key),
  },
  { name: 'tags', claimed: (b) => b.capabilities.tags, call: (b, key) => b.setTags(key, { a: '1' }) },
  {
    name: 'listMetadata',
    claimed: (b) => b.capabilities.listMetadata !== false,
    call: (b, key) => b.listFiles(key, { include: ['metadata'] }),
  },
];

const unsupported: ConformanceCase = {
  number: 232,
  title: 'what is not claimed rejects Unsupported before any request, names the capability and changes nothing',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'old', { metadata: { a: '1' } });
    for (const { name, claimed, call } of optional) {
      if (claimed(context.backend)) continue;
      const error = await expectRefused(context, key, (backend) => call(backend, key));
      assert.equal(error.attempts, 0, name);
      assert.equal(error.retryable, 'no', name);
      assert.ok(error.message.includes('capabilities.'), `${name}: ${error.message}`);
    }
    await absent(context.backend, `${key}-2`);
  },
};

const classifies: ConformanceCase = {
  number: 233,
  title: 'the driver names any error with a code of the closed set, and never throws',
  run: async (context) => {
    const drivers: StorageDriver[] = [];
    context.backend.with((driver) => {
      drivers.push(driver);
      return driver;
    });
    const [driver] = drivers;
    assert.ok(driver, 'the layer was given the driver');
    const hostile = new Proxy({}, { get: () => undefined, has: () => false });
    const errors: readonly unknown[] = [
      undefined,
      null,
      0,
      '',
      'text',
      7n,
      Symbol('x'),
      {},
      [],
      new Error('x'),
      Object.freeze(new TypeError('x')),
      Object.create(null),
      hostile,
    ];
    for (const error of errors) {
      const { code, retryable } = driver.classify(error);
      assert.ok(errorCodes.includes(code), `${inspect(error)} is ${code}`);
      assert.ok(['no', 'safe', 'ambiguous'].includes(retryable), inspect(error));
    }
  },
};

const nativeClient: ConformanceCase = {
  number: 234,
  title: 'native gives the client of the service, or rejects Unsupported where there is none',
  run: async ({ backend }) => {
    const client: unknown = await backend.native().catch((error: unknown) => assertCode(error, 'Unsupported'));
    if (isStorageError(client)) return;
    assert.ok(client !== undefined && client !== null, 'there is a client');
    assert.equal(await backend.native(), client, 'it is the same every time');
  },
};

/** What is refused, how errors are named, and the way past this library. */
export const refusals: readonly ConformanceCase[] = [unsupported, classifies, nativeClient];
