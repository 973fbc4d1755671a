import { minio } from 'files-sdk/minio';
import type { S3Store } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverFiles } from '../files-sdk.ts';

export async function openFilesSdk(store: S3Store): Promise<Contender> {
  const adapter = minio({
    bucket: store.bucket,
    endpoint: store.endpointUrl,
    region: store.region,
    accessKeyId: store.accessKey,
    secretAccessKey: store.secretKey,
  });
  return contenderOverFiles(adapter, { multipart: true });
}
