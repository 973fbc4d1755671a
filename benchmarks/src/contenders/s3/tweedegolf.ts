import { Provider } from '@tweedegolf/storage-abstraction';
import type { S3Store } from '../../services/store.ts';
import { type Contender, contentType, metadata } from '../contender.ts';
import { contenderOverTweedegolf } from '../tweedegolf.ts';

export async function openTweedegolf(store: S3Store): Promise<Contender> {
  const config = {
    provider: Provider.AWS,
    endpoint: store.endpointUrl,
    region: store.region,
    accessKeyId: store.accessKey,
    secretAccessKey: store.secretKey,
    bucketName: store.bucket,
    forcePathStyle: true,
  };
  return contenderOverTweedegolf(config, { ContentType: contentType, Metadata: metadata });
}
