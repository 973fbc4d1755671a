import { startAzurite, startMinio, startMoto } from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';
import type { Servers } from '../src/servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: Servers;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [minio, azurite, moto] = await Promise.all([startMinio(), startAzurite(), startMoto()]);
  project.provide('servers', {
    minio: 'skipped' in minio ? minio : minio.access,
    azurite: 'skipped' in azurite ? azurite : azurite.access,
    moto: 'skipped' in moto ? moto : moto.access,
  });
  return async () => {
    for (const server of [minio, azurite, moto]) if ('stop' in server) await server.stop();
  };
}
