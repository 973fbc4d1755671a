import { type AzureBlobAccess, type Skipped, startAzurite } from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** One server for all test files. */
    azurite: AzureBlobAccess | Skipped;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const server = await startAzurite();
  project.provide('azurite', 'skipped' in server ? server : server.access);
  return 'skipped' in server ? undefined : server.stop;
}
