import { MinioBackend } from '@storage/backend-minio';
import type { S3Store } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs(store: S3Store): Promise<Contender> {
  return open(store, 'auto');
}

/** The same through the SDK. */
export async function openOursBySdk(store: S3Store): Promise<Contender> {
  return open(store, 'sdk');
}

function open({ endpointUrl, accessKey, secretKey, region, bucket }: S3Store, transport: 'auto' | 'sdk'): Contender {
  return contenderOver(
    new MinioBackend({ endpointUrl, accessKey, secretKey, region, bucketName: bucket, createBucket: false, transport }),
  );
}
