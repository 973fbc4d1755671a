import s3Driver from 'unstorage/drivers/s3';
import type { S3Store } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverUnstorage } from '../unstorage.ts';

export async function openUnstorage(store: S3Store): Promise<Contender> {
  const driver = s3Driver({
    endpoint: store.endpointUrl,
    bucket: store.bucket,
    region: store.region,
    accessKeyId: store.accessKey,
    secretAccessKey: store.secretKey,
  });
  return contenderOverUnstorage(driver);
}
