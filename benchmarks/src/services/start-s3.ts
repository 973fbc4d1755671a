import { startMinio } from '@storage/conformance-tests/servers';
import type { Wire } from '../contenders/http.ts';
import { createS3Wire } from '../contenders/s3/wire.ts';
import type { RunningService } from './service.ts';
import type { S3Store, Store } from './store.ts';

const region = 'us-east-1';

export async function startS3(): Promise<RunningService> {
  // Data in memory where the server is a process of its own: software is measured, and not a disk.
  process.env['TMPDIR'] ??= '/dev/shm';
  const server = await startMinio();
  if ('skipped' in server) throw new Error(server.skipped);
  const wireOf = (bucket: string): Wire => createS3Wire({ ...server.access, region, bucket }, { signsBody: false });
  return {
    described: `MinIO (${server.origin})`,
    pid: server.pid,
    async makeStore(name) {
      const bucket = `bench-${name}`.slice(0, 63);
      const wire = wireOf(bucket);
      await wire.send({ method: 'PUT', key: '' });
      wire.close();
      const store: S3Store = { ...server.access, region, bucket };
      return store;
    },
    async removeStore(store: Store) {
      const wire = wireOf((store as S3Store).bucket);
      // MinIO's own way to delete a bucket with all that is in it.
      await wire.send({ method: 'DELETE', key: '', headers: { 'x-minio-force-delete': 'true' } });
      wire.close();
    },
    stop: () => server.stop(),
  };
}
