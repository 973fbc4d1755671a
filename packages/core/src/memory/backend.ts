import { StorageBackend } from '../backend.ts';
import { type BackendConfig, type ConfigInput, defineConfig } from '../config/backend-config.ts';
import { checkOptions } from '../config/check-options.ts';
import type { MemoryCapabilities } from './capabilities.ts';
import { type MemoryOptions, type MemorySettings, memorySchema } from './config.ts';
import { createMemoryDriver } from './driver.ts';
import { MemoryStore } from './store.ts';

/**
 * Files in the memory of this process: for tests, and as the reference of what every backend promises.
 *
 * @example
 * const backend = new MemoryBackend();
 * await backend.save('notes/today.txt', 'hello');
 */
export class MemoryBackend extends StorageBackend<MemoryCapabilities, MemoryStore> {
  /** Throws `InvalidConfig` with every fault of the options. */
  constructor(options: MemoryOptions = {}) {
    const settings = checkOptions(memorySchema, options);
    const { bucketName, createBucket, accessKey, store = storeOf(settings) } = settings;
    super(createMemoryDriver({ store, bucketName, createBucket, accessKey }), settings);
  }

  /** Checks options now, for an instance later; each instance has a store of its own unless `store` is given. */
  static createConfig(options: ConfigInput<MemoryOptions>): BackendConfig<MemoryBackend> {
    return defineConfig({ type: 'memory', schema: memorySchema, Backend: MemoryBackend }, options);
  }
}

function storeOf(settings: MemorySettings): MemoryStore {
  const { buckets, accessKeys, versions, minPartSize, singlePut, restoreDelayMs, clock } = settings;
  return new MemoryStore({ buckets, accessKeys, versions, minPartSize, singlePut, restoreDelayMs, clock });
}
