export { SqliteBackend } from './backend.ts';
export { type SqliteCapabilities, sqliteCapabilities } from './capabilities.ts';
export type { SqliteOptions } from './config.ts';
