import type { ObjectInfo, SetMetadataRequest, StorageDriver } from '@storage/core/driver';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { context, failureOf, newKey, openDriver, read, requestOf } from './driver.ts';

const old = {
  headers: { contentType: 'text/csv', cacheControl: 'no-store', contentLanguage: 'de' },
  metadata: { jobId: '456' },
  tags: { colour: 'blue' },
  token: 'T'.repeat(12),
};

describe.skipIf('skipped' in inject('azurite'))('a change of metadata and headers', () => {
  let driver: StorageDriver;
  beforeAll(async () => {
    driver = await openDriver();
  });

  const set = async (request: SetMetadataRequest): Promise<ObjectInfo> => {
    if (driver.setMetadata === undefined) throw new TypeError('there is no setMetadata');
    return driver.setMetadata(request, context);
  };
  const save = async (): Promise<ObjectInfo> => {
    const key = newKey();
    await driver.put(requestOf(key, 'some text', { attributes: old }), context);
    return driver.head({ key }, context);
  };

  const { headers, metadata } = old;
  const other = { contentType: 'text/plain', contentDisposition: 'inline' };
  test.each([
    ['the metadata', headers, { only: 'ü' }],
    ['the metadata, to none', headers, {}],
    ['the headers', other, metadata],
    ['both', other, { only: 'ü' }],
    ['both, to nothing', { contentType: 'application/octet-stream' }, {}],
  ])('replaces %s and nothing else, under a new etag', async (_, newHeaders, newMetadata) => {
    const before = await save();
    const { key } = before;
    const info = await set({ key, headers: newHeaders, metadata: newMetadata, ifMatch: before.etag });
    expect(info).toEqual(await driver.head({ key }, context));
    const { size, checksum, token } = before;
    expect(info).toMatchObject({ size, checksum, token, ...newHeaders, metadata: newMetadata });
    expect(info.metadata).toEqual(newMetadata);
    expect('cacheControl' in info).toBe('cacheControl' in newHeaders);
    expect(info.etag).not.toBe(before.etag);
    expect(await driver.tags?.get({ key }, context)).toEqual(old.tags);
    expect((await read(driver, key)).toString()).toBe('some text');
  });

  test('that changes nothing sends nothing', async () => {
    const before = await save();
    expect(await set({ key: before.key, headers, metadata, ifMatch: before.etag })).toEqual(before);
  });

  test.each([
    ['the metadata', headers, { only: '1' }],
    ['the headers', other, metadata],
    ['both', other, { only: '1' }],
  ])('of %s is refused for another revision, and changes nothing', async (_, newHeaders, newMetadata) => {
    const before = await save();
    const request = { key: before.key, headers: newHeaders, metadata: newMetadata, ifMatch: '"0x0123456789ABCDE"' };
    expect((await failureOf(driver, set(request))).code).toBe('PreconditionFailed');
    expect(await driver.head({ key: before.key }, context)).toEqual(before);
  });

  test('of both is seen whole by every reader', async () => {
    const { key } = await save();
    const seen = new Set<string>();
    let changing = true;
    const reader = async (): Promise<void> => {
      while (changing) {
        const info = await driver.head({ key }, context);
        seen.add(`${info.contentType} ${info.metadata['is'] ?? ''}`);
      }
    };
    const writer = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        const is = round % 2 === 0 ? 'text/plain' : 'text/csv';
        await set({ key, headers: { contentType: is }, metadata: { is } });
      }
      changing = false;
    };
    await Promise.all([writer().finally(() => (changing = false)), reader(), reader()]);
    expect(
      [...seen].filter((each) => !['text/csv ', 'text/csv text/csv', 'text/plain text/plain'].includes(each)),
    ).toEqual([]);
  });
});
