/** Launchers of the servers that the suite runs against: from the environment, as a container, as a process, or skipped. */
export { startAzurite } from './servers/azurite.ts';
export { startMinio } from './servers/minio.ts';
export type { AzureBlobAccess, MinioAccess, Server, Skipped } from './servers/server.ts';
