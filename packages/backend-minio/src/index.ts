export { MinioBackend } from './backend.ts';
export type { MinioCapabilities } from './capabilities.ts';
export type { MinioOptions } from './config.ts';
