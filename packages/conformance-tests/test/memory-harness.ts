import type { StorageBackend } from '@storage/core';
import type { CallContext, Layer, StorageDriver, UploadBody } from '@storage/core/driver';
import type { MemoryOptions, MemoryStoreOptions } from '@storage/core/memory';
import { createMemoryDriver, MemoryBackend, MemoryStore } from '@storage/core/memory';
import type { Harness, Planted } from '../src/index.ts';

const accessKey = 'memory-access-key-that-is-secret';

/** The suite's way to a memory backend of its own, seen through layers. */
export function memoryHarness(settings: MemoryStoreOptions = {}, ...layers: readonly Layer[]): Harness {
  const store = new MemoryStore({ accessKeys: [accessKey], ...settings });
  const memory = (options: MemoryOptions): StorageBackend => new MemoryBackend({ store, accessKey, ...options });
  const open = (options: MemoryOptions = {}): StorageBackend =>
    layers.reduce<StorageBackend>((backend, layer) => backend.with(layer), memory(options));
  const driver = layers.reduce<StorageDriver>((inner, layer) => layer(inner), createMemoryDriver({ store, accessKey }));
  return {
    make: (options) => open(options),
    makeMissing: () => open({ bucketName: 'is-not-there' }),
    makeDenied: () => open({ accessKey: 'wrong' }),
    reset: async () => {
      store.deleteBucket('default');
      store.createBucket('default');
    },
    listLeftovers: async (key) => {
      const page = await driver.multipart?.listIncomplete?.({ key }, context());
      return (page?.uploads ?? []).map(({ uploadId }) => ({ name: uploadId }));
    },
    plant: (item) => plant(driver, item),
    childScript: new URL('./measure.child.ts', import.meta.url),
    secrets: [accessKey],
    deviations: {
      135: { reason: 'memory has no symbolic links' },
      254: { reason: 'memory has no symbolic links' },
    },
  };
}

/** Puts an object where the portable grammar would refuse it, as another tool could. */
async function plant(driver: StorageDriver, item: Planted): Promise<void> {
  if (item.kind === 'symlink') throw new Error('memory has no symbolic links');
  const bytes = item.kind === 'file' ? item.bytes : new Uint8Array();
  const body: UploadBody = {
    size: bytes.byteLength,
    pieces: [bytes],
    async *open() {
      yield bytes;
    },
  };
  const attributes = { headers: { contentType: 'application/octet-stream' }, metadata: {} };
  await driver.put({ key: item.key, body, attributes, condition: {}, integrity: 'default' }, context());
}

function context(): CallContext {
  return { signal: new AbortController().signal, attempt: 1 };
}
