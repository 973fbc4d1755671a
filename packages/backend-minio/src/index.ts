export type { MinioCapabilities } from './capabilities.ts';
