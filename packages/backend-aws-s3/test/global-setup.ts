import { type S3Access, type Skipped, startMinio, startMoto } from '@storage/conformance-tests/servers';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that keeps to S3, for all test files. */
    minio: S3Access | Skipped;
    /** An emulator of AWS, for what MinIO does not have. */
    moto: S3Access | Skipped;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [minio, moto] = await Promise.all([startMinio(), startMoto()]);
  project.provide('minio', 'skipped' in minio ? minio : minio.access);
  project.provide('moto', 'skipped' in moto ? moto : moto.access);
  return async () => {
    for (const server of [minio, moto]) if (!('skipped' in server)) await server.stop();
  };
}
