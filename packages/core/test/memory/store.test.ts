import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/memory/store.ts';
import { context, keysOf, memory, rejects, save, text } from './setup.ts';

test('instances that share a store share its buckets, and no others', async () => {
  const store = new MemoryStore({ buckets: ['one', 'two'] });
  const writer = memory({ store, bucketName: 'one' });
  await save(writer, 'a', 'x');
  expect(await text(memory({ store, bucketName: 'one' }), 'a')).toBe('x');
  expect(await keysOf(memory({ store, bucketName: 'two' }))).toEqual([]);
  expect(await keysOf(memory())).toEqual([]);
});

test('a missing bucket is BucketNotFound for every member', async () => {
  const driver = memory({ bucketName: 'none' });
  await rejects(driver.check(context), 'BucketNotFound');
  await rejects(driver.head({ key: 'a' }, context), 'BucketNotFound');
  await rejects(driver.listPage({ prefix: '', limit: 1 }, context), 'BucketNotFound');
  await rejects(save(driver, 'a', ''), 'BucketNotFound');
  await rejects(driver.multipart.listIncomplete({}, context), 'BucketNotFound');
  expect(driver.createBucket).toBeUndefined();
});

test('createBucket makes the bucket, once', async () => {
  const driver = memory({ bucketName: 'new', createBucket: true });
  await driver.createBucket(context);
  await save(driver, 'a', 'x');
  await driver.createBucket(context);
  expect(await text(driver, 'a')).toBe('x');
});

test('a deleted bucket takes its objects with it', async () => {
  const store = new MemoryStore();
  const driver = memory({ store });
  await save(driver, 'a', 'x');
  store.deleteBucket('default');
  await rejects(driver.head({ key: 'a' }, context), 'BucketNotFound');
  store.createBucket('default');
  await rejects(driver.head({ key: 'a' }, context), 'NotFound');
});

test('an access key that the store does not know is Unauthenticated', async () => {
  const store = new MemoryStore({ accessKeys: ['ann'] });
  await memory({ store, accessKey: 'ann' }).check(context);
  for (const options of [{ store }, { store, accessKey: 'eve' }, { store, accessKey: 'eve', createBucket: true }]) {
    await rejects(memory(options).check(context), 'Unauthenticated');
    await rejects(memory(options).head({ key: 'a' }, context), 'Unauthenticated');
  }
  await rejects(memory({ store, accessKey: 'eve', createBucket: true }).createBucket(context), 'Unauthenticated');
  expect(memory({ store, accessKey: 'ann' }).secrets).toEqual(['ann']);
});

test('a call that was aborted before does nothing', async () => {
  const driver = memory();
  const aborted = { signal: AbortSignal.abort('stop'), attempt: 1 };
  await save(driver, 'a', 'x');
  await expect(driver.remove({ key: 'a' }, aborted)).rejects.toBe('stop');
  expect(await keysOf(driver)).toEqual(['a']);
});

test('claims are frozen, and a member exists exactly when it is claimed', () => {
  const { capabilities, ...driver } = memory();
  expect(Object.isFrozen(capabilities)).toBe(true);
  expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
  expect(driver).not.toHaveProperty('sign');
  for (const member of ['multipart', 'copy', 'move', 'removeMany', 'setMetadata', 'versions', 'tiers', 'tags']) {
    expect(driver).toHaveProperty(member);
  }
});

test('the settings that a user gave are not frozen', () => {
  const singlePut = { maxSize: 5, unknownSize: false };
  expect(memory({ singlePut }).capabilities.singlePut).toEqual(singlePut);
  expect(Object.isFrozen(singlePut)).toBe(false);
});
