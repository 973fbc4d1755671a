import {
  type AzureBlobAccess,
  type MinioAccess,
  type Skipped,
  startAzurite,
  startMinio,
} from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    minio: MinioAccess | Skipped;
    azurite: AzureBlobAccess | Skipped;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [minio, azurite] = await Promise.all([startMinio(), startAzurite()]);
  project.provide('minio', 'skipped' in minio ? minio : minio.access);
  project.provide('azurite', 'skipped' in azurite ? azurite : azurite.access);
  return async () => {
    for (const server of [minio, azurite]) if ('stop' in server) await server.stop();
  };
}
