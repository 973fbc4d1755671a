export { type MemoryCapabilities, memoryCapabilities } from './capabilities.ts';
export type { MemoryOptions } from './config.ts';
export { createMemoryDriver } from './driver.ts';
export type { MemoryStoreOptions } from './settings.ts';
export { MemoryStore } from './store.ts';
