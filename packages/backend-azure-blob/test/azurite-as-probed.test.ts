import { randomUUID } from 'node:crypto';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { type FaultProxy, startFaultProxy } from '@storage/conformance-tests/faults';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';
import { createBlockId, createUploadId } from '../src/multipart/block-id.ts';

const azurite = inject('azurite');

// What the driver relies on, or keeps away from, without any other test that would notice a change of it:
// docs/design/azurite-as-probed.md
describe.skipIf('skipped' in azurite)('Azurite', () => {
  let proxy: FaultProxy;
  let backend: AzureBlobBackend;
  let container: ContainerClient;
  beforeAll(async () => {
    if ('skipped' in azurite) return;
    proxy = await startFaultProxy(azurite.endpointUrl);
    const containerName = `probed-${randomUUID()}`;
    backend = new AzureBlobBackend({ ...azurite, endpointUrl: proxy.url, containerName, retry: false });
    await backend.save('first', '');
    container = await backend.native();
  });
  afterAll(async () => {
    if ('skipped' in azurite) return;
    await backend.close();
    await proxy.close();
  });

  const blobAt = (name: string = randomUUID()): BlockBlobClient => container.getBlockBlobClient(name);
  const put = (blob: BlockBlobClient, metadata: Record<string, string> = {}) => blob.upload('text', 4, { metadata });
  const refusalOf = async (action: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await action.then(
      () => expect.fail('it resolved'),
      (reason: unknown) => reason,
    );
    const { statusCode, details } = error as { statusCode?: number; details?: { errorCode?: string } };
    return { statusCode, code: details?.errorCode };
  };

  test('keeps what was staged when the blob is put, which the service discards', async () => {
    const blob = blobAt();
    await blob.stageBlock(createBlockId(createUploadId(), 1, 4), 'mine', 4);
    await put(blob);
    expect((await blob.getBlockList('uncommitted')).uncommittedBlocks).toHaveLength(1);
    // So that here the upload that was overtaken wins afterwards, whole; `scripted/overtaken-upload.test.ts` has the service.
    const session = await backend.createUpload(blob.name);
    await session.putPart(1, 'mine');
    await backend.save(blob.name, 'plain');
    await session.complete();
    expect(await (await backend.retrieve(blob.name)).text()).toBe('mine');
  });

  test('makes an empty blob of an empty list of blocks, as do parts without bytes', async () => {
    const blob = blobAt();
    await blob.commitBlockList([]);
    expect((await blob.getProperties()).contentLength).toBe(0);
    const session = await backend.createUpload(randomUUID());
    await session.putPart(1, '');
    expect((await session.complete()).size).toBe(0);
  });

  test('neither lists nor shows a blob of which there are only blocks', async () => {
    const blob = blobAt();
    await blob.stageBlock(createBlockId(createUploadId(), 1, 4), 'mine', 4);
    expect(await backend.exists(blob.name)).toBe(false);
    expect(await backend.listFiles(blob.name)).toEqual([]);
  });

  test('stores keys with dot segments and backslashes under another name: they are refused before that', async () => {
    const root = randomUUID();
    await put(blobAt(`${root}/x/../a`));
    await put(blobAt(`${root}\\b`));
    expect((await backend.listFiles(root)).map(({ key }) => key)).toEqual([`${root}/a`, `${root}/b`]);
    for (const key of [`${root}/x/../a`, `${root}/./a`, `${root}\\b`]) {
      await expect(backend.retrieve(key)).rejects.toMatchObject({ code: 'InvalidKey' });
      await expect(backend.save(key, 'x')).rejects.toMatchObject({ code: 'InvalidKey' });
    }
  });

  test.each(['\u0001', '\ufffe'])('cannot list a key with %j, which is refused before that', async (character) => {
    const root = randomUUID();
    const key = `${root}/a${character}b`;
    await expect(backend.save(key, 'x')).rejects.toMatchObject({ code: 'InvalidKey' });
    await put(blobAt(key));
    const failing = container.listBlobsFlat({ prefix: root }).byPage().next();
    expect(await refusalOf(failing)).toMatchObject({ statusCode: 500 });
    await blobAt(key).delete();
  });

  test('keeps empty segments, and slashes and dots at the ends, of which the service drops the last', async () => {
    const names = ['e//b', '/lead', 'trail/', 'dot.', 'space '].map((name) => `${randomUUID()}/${name}`);
    for (const name of names) {
      await put(blobAt(name));
      const listed = await backend.listFiles(name);
      expect(listed.map(({ key }) => key)).toEqual([name]);
    }
    const [empty = '', lead = '', trail = '', dot = '', space = ''] = names;
    for (const key of [empty, lead, trail, dot]) {
      await expect(backend.save(key, 'x')).rejects.toMatchObject({ code: 'InvalidKey' });
    }
    // What other tools make is read: markers of folders.
    for (const key of [trail, space]) expect(await (await backend.retrieve(key)).text()).toBe('text');
  });

  test('changes metadata on the wire, so that ours is encoded', async () => {
    const blob = blobAt();
    await put(blob, { lead: ' x', trail: 'x ', empty: '' });
    expect((await blob.getProperties()).metadata).toEqual({ lead: 'x', trail: 'x' });
    expect(await refusalOf(put(blobAt(), { raw: 'ü' }))).toEqual({ statusCode: 403, code: 'AuthorizationFailure' });
    await expect(put(blobAt(), { raw: '日本' })).rejects.toThrow();
    expect(await refusalOf(put(blobAt(), { 'a-b': 'x' }))).toEqual({ statusCode: 400, code: 'InvalidMetadata' });
    const metadata = { lead: ' x', trail: 'x ', empty: '', raw: 'ü', more: '日本', 'a-b': 'x', jobId: '1' };
    const key = randomUUID();
    await backend.save(key, '', { metadata });
    expect((await backend.getMetadata(key))?.metadata).toEqual(metadata);
    const [listed] = (await backend.listPage({ prefix: key, include: ['metadata'] })).entries;
    expect(listed?.metadata).toEqual(metadata);
  });

  test('answers a range at the end with nothing, and one of nothing with nothing or 416', async () => {
    const [blob, empty] = [blobAt(), blobAt()];
    await put(blob);
    await empty.upload('', 0);
    expect((await blob.download(4)).contentLength).toBe(0);
    expect((await empty.download(0, 1)).contentRange).toBe('bytes 0--1/0');
    expect(await refusalOf(empty.download(0, 4))).toMatchObject({ statusCode: 416 });
    const past = { range: { start: 4 } };
    await expect(backend.retrieve(blob.name, past)).rejects.toMatchObject({ code: 'InvalidRange' });
    for (const range of [{ start: 0, end: 1 }, { start: 0, length: 4 }, { start: 2 }, { suffix: 1 }]) {
      const file = await backend.retrieve(empty.name, { range });
      expect([file.size, await file.text()]).toEqual([0, '']);
    }
  });

  test('begins a listing at `startFrom` itself, and ours after it', async () => {
    const root = randomUUID();
    for (const name of ['a', 'b', 'c']) await put(blobAt(`${root}/${name}`));
    const from: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: root, startFrom: `${root}/b` })) from.push(name);
    expect(from).toEqual([`${root}/b`, `${root}/c`]);
    const page = await backend.listPage({ prefix: root, startAfter: `${root}/b` });
    expect(page.entries.map(({ key }) => key)).toEqual([`${root}/c`]);
  });

  test('goes on with the connection on which it refused a write', async () => {
    const key = randomUUID();
    await backend.save(key, 'old');
    await proxy.arm();
    for (let round = 0; round < 50; round += 1) {
      await expect(backend.save(key, 'x'.repeat(1000), { ifAbsent: true })).rejects.toMatchObject({
        code: 'AlreadyExists',
      });
      expect(await backend.exists(key)).toBe(true);
    }
    expect(proxy.requests).toHaveLength(100);
  });
});
