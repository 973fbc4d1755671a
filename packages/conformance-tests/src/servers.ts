/** Launchers of the servers that the suite runs against: from the environment, as a container, as a process, or skipped. */
export { startAzurite } from './servers/azurite.ts';
export { startMinio } from './servers/minio.ts';
export { startMoto } from './servers/moto.ts';
export type { PythonClient } from './servers/python-client.ts';
export { startPythonClient } from './servers/python-client.ts';
export type { AzureBlobAccess, MinioAccess, S3Access, Server, Skipped } from './servers/server.ts';
export type { NamedCheck } from './servers/slow-link.ts';
export { slowLinkChecks } from './servers/slow-link.ts';
export type { SlowLink, SlowServer } from './servers/toxiproxy.ts';
export { startToxiproxy } from './servers/toxiproxy.ts';
export type { Tunnel } from './servers/tunnel.ts';
export { startTunnel } from './servers/tunnel.ts';
