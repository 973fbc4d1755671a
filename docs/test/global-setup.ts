import { startAzurite, startMinio } from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';
import type { Servers } from '../src/servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: Servers;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [minio, azurite] = await Promise.all([startMinio(), startAzurite()]);
  project.provide('servers', {
    minio: 'skipped' in minio ? minio : minio.access,
    azurite: 'skipped' in azurite ? azurite : azurite.access,
  });
  return async () => {
    for (const server of [minio, azurite]) if ('stop' in server) await server.stop();
  };
}
