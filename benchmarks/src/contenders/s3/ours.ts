import { MinioBackend } from '@storage/backend-minio';
import type { S3Store } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs(store: S3Store): Promise<Contender> {
  const { endpointUrl, accessKey, secretKey, region, bucket } = store;
  return contenderOver(new MinioBackend({ endpointUrl, accessKey, secretKey, region, bucketName: bucket }));
}
