import { randomBytes, randomUUID } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { isStorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';

const azurite = inject('azurite');

describe.skipIf('skipped' in azurite)('an upload in blocks', () => {
  let backend: AzureBlobBackend;
  beforeAll(async () => {
    if ('skipped' in azurite) return;
    backend = new AzureBlobBackend({ ...azurite, containerName: `blocks-${randomUUID()}` });
    await backend.save('first', '');
  });
  afterAll(async () => {
    if (!('skipped' in azurite)) await backend.close();
  });
  const blobAt = async (key: string): Promise<BlockBlobClient> => (await backend.native()).getBlockBlobClient(key);

  // Blocks of the size that was asked for, whatever that of the file; none is left beside them.
  test.each([
    { size: 1000, partSize: 1000, blocks: [] },
    { size: 1001, partSize: 1000, blocks: [1000, 1] },
    { size: 999, partSize: 1000, blocks: [] },
    { size: 2000, partSize: 1000, blocks: [1000, 1000] },
    { size: 5, partSize: 1, blocks: [1, 1, 1, 1, 1] },
    { size: 10, partSize: 100_000, blocks: [] },
    { size: 0, partSize: 1, blocks: [] },
  ])('of $size bytes by $partSize is $blocks', async ({ size, partSize, blocks }) => {
    const [key, bytes] = [randomUUID(), randomBytes(size)];
    await backend.save(key, new Blob([bytes]).stream(), { partSize });
    expect(bytes.equals(await (await backend.retrieve(key)).bytes())).toBe(true);
    const { committedBlocks = [], uncommittedBlocks = [] } = await (await blobAt(key)).getBlockList('all');
    expect(committedBlocks.map((block) => block.size)).toEqual(blocks);
    expect(uncommittedBlocks).toEqual([]);
  });

  test('goes on beside the blocks of an SDK, and discards them', async () => {
    const key = randomUUID();
    const ofSdk = Buffer.from(randomUUID().padEnd(48, '0')).toString('base64');
    await (await blobAt(key)).stageBlock(ofSdk, 'theirs', 6);
    await backend.save(key, new Blob(['ours, in two']).stream(), { partSize: 8 });
    expect(await (await backend.retrieve(key)).text()).toBe('ours, in two');
    expect((await (await blobAt(key)).getBlockList('uncommitted')).uncommittedBlocks ?? []).toEqual([]);
  });

  test('beside blocks whose ids have another length says what to do', async () => {
    const key = randomUUID();
    await (await blobAt(key)).stageBlock(Buffer.from('short').toString('base64'), 'theirs', 6);
    const save = () => backend.save(key, new Blob(['ours, in two']).stream(), { partSize: 8 });
    const error: unknown = await save().catch((reason: unknown) => reason);
    if (!isStorageError(error)) throw error;
    expect(error).toMatchObject({ code: 'InvalidArgument', providerCode: 'InvalidBlobOrBlock' });
    expect(error.message).toContain('save once in one request, which discards them');
  });
});
