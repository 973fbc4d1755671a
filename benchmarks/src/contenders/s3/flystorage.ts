import { AwsS3StorageAdapter } from '@flystorage/aws-s3';
import type { S3Store } from '../../services/store.ts';
import { type Contender, contentType } from '../contender.ts';
import { contenderOverFlystorage } from '../flystorage.ts';
import { clientOf } from './client-s3.ts';

export async function openFlystorage(store: S3Store): Promise<Contender> {
  return contenderOverFlystorage(new AwsS3StorageAdapter(clientOf(store), { bucket: store.bucket }), contentType);
}
