import { StorageBackend } from '@storage/core';
import type { Layer, StorageDriver } from '@storage/core/driver';
import { concat } from '@storage/core/driver';
import type { MemoryStoreOptions } from '@storage/core/memory';
import { createMemoryDriver, MemoryStore } from '@storage/core/memory';
import type { Harness } from '../../src/harness.ts';

const accessKey = 'memory-access-key';

/** A harness over a memory store of its own, through a layer. Puts are small, so that parts are met early. */
export function memoryHarness(layer: Layer, settings: MemoryStoreOptions = {}): Harness {
  const store = new MemoryStore({
    buckets: ['default'],
    accessKeys: [accessKey],
    singlePut: { maxSize: 256 * 1024, unknownSize: false },
    ...settings,
  });
  const sound = (options: { readonly bucketName?: string; readonly accessKey?: string } = {}): StorageDriver =>
    createMemoryDriver({ store, accessKey, ...options });
  // One layer for all instances: what it remembers belongs to the store.
  const shared = layer(sound());
  return {
    // A request that hangs is given up soon: nothing here is slow by itself.
    make: (options) => new StorageBackend(shared, { idleTimeoutMs: 400, ...options }),
    makeMissing: () => new StorageBackend(layer(sound({ bucketName: 'missing' }))),
    makeDenied: () => new StorageBackend(layer(sound({ accessKey: 'wrong' }))),
    reset: async () => {
      store.deleteBucket('default');
      store.createBucket('default');
    },
    listLeftovers: async (key) => {
      const context = { signal: new AbortController().signal, attempt: 1 };
      const page = await sound().multipart?.listIncomplete?.({ key }, context);
      return (page?.uploads ?? []).map(({ uploadId }) => ({ name: uploadId }));
    },
    plant: async (item) => {
      if (item.kind === 'symlink') throw new Error('memory has no links');
      const bytes = item.kind === 'file' ? item.bytes : new Uint8Array(0);
      const open = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
        yield concat([bytes]);
      };
      await sound().put(
        {
          key: item.key,
          body: { size: bytes.byteLength, pieces: [bytes], open },
          attributes: { headers: { contentType: 'application/octet-stream' }, metadata: {} },
          condition: {},
          integrity: 'none',
        },
        { signal: new AbortController().signal, attempt: 1 },
      );
    },
    secrets: [accessKey],
    evidence: 'scripted',
  };
}
