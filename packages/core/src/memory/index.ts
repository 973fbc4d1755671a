export { MemoryBackend } from './backend.ts';
export { type MemoryCapabilities, memoryCapabilities } from './capabilities.ts';
export type { MemoryOptions } from './config.ts';
export { createMemoryDriver, type MemoryDriverOptions } from './driver.ts';
export type { MemoryStoreOptions } from './settings.ts';
export { MemoryStore } from './store.ts';
