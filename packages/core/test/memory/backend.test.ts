import { expect, test } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';
import { prefixed } from '../../src/layers/prefixed.ts';
import { readOnly } from '../../src/layers/read-only.ts';
import { MemoryBackend, type MemoryOptions, MemoryStore } from '../../src/memory/index.ts';

function faultOf(make: () => unknown): { readonly code: string; readonly message: string } {
  try {
    make();
  } catch (error) {
    if (isStorageError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isStorageError(error) ? error.code : undefined;
}

test('saves, reads, lists, deletes and brings back', async () => {
  await using backend = new MemoryBackend();
  const saved = await backend.save('notes/today.txt', 'hello', { metadata: { jobId: '456' } });
  const file = await backend.retrieve('notes/today.txt');
  expect(file.metadata).toEqual({ jobId: '456' });
  expect(await file.text()).toBe('hello');
  expect((await backend.listFiles('notes/')).map((entry) => entry.key)).toEqual(['notes/today.txt']);
  await backend.delete('notes/today.txt');
  expect(await backend.exists('notes/today.txt')).toBe(false);
  expect(await backend.undelete('notes/today.txt')).toMatchObject({ etag: saved.etag });
  expect(await backend.native()).toBeInstanceOf(MemoryStore);
});

test('every fault of the options is named at once', () => {
  const options = {
    name: '',
    bucketName: '',
    createBucket: 'yes',
    accessKey: 7,
    minPartSize: -1,
    singlePut: { maxSize: 0.5 },
    restoreDelayMs: Number.NaN,
    clock: 0,
    versions: 'all',
    buckets: ['a', ''],
    accessKeys: 'ann',
    store: {},
    bucket: 'typo',
  } as unknown as MemoryOptions;
  const { code, message } = faultOf(() => new MemoryBackend(options));
  expect(code).toBe('InvalidConfig');
  for (const name of Object.keys(options)) expect(message).toContain(name);
  expect(faultOf(() => new MemoryStore({ minPartSize: -1 })).code).toBe('InvalidConfig');
});

test('a store is given or described, not both', () => {
  const { message } = faultOf(() => new MemoryBackend({ store: new MemoryStore(), versions: false, minPartSize: 2 }));
  expect(message).toMatch(/versions, minPartSize/);
});

test('a config is checked at once, makes instances later, and shows no access key', async () => {
  expect(faultOf(() => MemoryBackend.createConfig({ name: 'm', bucketName: '' })).code).toBe('InvalidConfig');
  const store = new MemoryStore({ accessKeys: ['open-sesame'] });
  const config = MemoryBackend.createConfig({ name: 'm', store, accessKey: 'open-sesame' });
  expect(JSON.stringify(config)).not.toContain('sesame');
  const [one, two] = [config.create(), config.create()];
  expect(one.name).toBe('m');
  await one.save('a', 'x');
  expect(await two.exists('a')).toBe(true);
});

test('an option that takes a capability away is refused before any request', async () => {
  const backend = new MemoryBackend({ versions: false });
  await backend.save('a', 'x');
  expect(await codeOf(backend.retrieve('a', { versionId: '00000001' }))).toBe('Unsupported');
  expect(await codeOf(backend.undelete('a'))).toBe('Unsupported');
});

test('a missing bucket and a stranger are told apart', async () => {
  const store = new MemoryStore({ accessKeys: ['ann'] });
  expect(await codeOf(new MemoryBackend({ store, accessKey: 'ann', bucketName: 'none' }).exists('a'))).toBe(
    'BucketNotFound',
  );
  expect(await codeOf(new MemoryBackend({ store, accessKey: 'eve' }).exists('a'))).toBe('Unauthenticated');
});

test('a missing bucket is made by the first write, where that is asked for', async () => {
  const backend = new MemoryBackend({ bucketName: 'new', createBucket: true });
  expect(await codeOf(backend.getMetadata('a'))).toBe('BucketNotFound');
  await backend.save('a', 'x');
  expect(await backend.exists('a')).toBe(true);
});

test('an archived object tells of its way back', async () => {
  let now = Date.now();
  const backend = new MemoryBackend({ restoreDelayMs: 1000, clock: () => now });
  await backend.save('a', 'x', { tier: 'archive' });
  expect(await codeOf(backend.retrieve('a'))).toBe('Archived');
  expect(await backend.restoreArchived('a')).toMatchObject({ archive: { status: 'restoring' } });
  now += 1000;
  expect(await (await backend.retrieve('a')).text()).toBe('x');
});

test('uploads go in parts where one put is too small for them', async () => {
  const backend = new MemoryBackend({ singlePut: { maxSize: 1000, unknownSize: false } });
  const bytes = new Uint8Array(10_000).map((_, i) => i % 251);
  await backend.save('a', bytes, { partSize: 4000 });
  expect(await (await backend.retrieve('a')).bytes()).toEqual(bytes);
});

test('a view keeps to its prefix, a read-only one changes nothing, and closing one closes only it', async () => {
  const backend = new MemoryBackend();
  const tenant = backend.with(prefixed('tenants/7/'));
  const reader = tenant.with(readOnly());
  await tenant.save('logo.png', 'x');
  expect((await backend.listFiles()).map((entry) => entry.key)).toEqual(['tenants/7/logo.png']);
  expect(await (await reader.retrieve('logo.png')).text()).toBe('x');
  expect(await codeOf(reader.save('logo.png', 'y'))).toBe('Unsupported');
  expect(await codeOf(reader.delete('logo.png'))).toBe('Unsupported');
  await reader.close();
  expect(await codeOf(reader.exists('logo.png'))).toBe('Closed');
  expect(await tenant.exists('logo.png')).toBe(true);
  await tenant.close();
  expect(await backend.exists('tenants/7/logo.png')).toBe(true);
});

test('it is a StorageBackend like every other', () => {
  const backend: StorageBackend = new MemoryBackend();
  expect(backend.type).toBe('memory');
});
