import { minio } from '@storagesdk/adapters/minio';
import type { S3Store } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverStoragesdk } from '../storagesdk.ts';

export async function openStoragesdk(store: S3Store): Promise<Contender> {
  const adapter = minio({
    bucket: store.bucket,
    endpoint: store.endpointUrl,
    region: store.region,
    accessKeyId: store.accessKey,
    secretAccessKey: store.secretKey,
  });
  return contenderOverStoragesdk(adapter);
}
