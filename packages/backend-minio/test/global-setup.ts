import { type MinioAccess, type Skipped, startMinio } from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** One server for all test files. */
    minio: MinioAccess | Skipped;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const server = await startMinio();
  project.provide('minio', 'skipped' in server ? server : server.access);
  return 'skipped' in server ? undefined : server.stop;
}
