import { Provider } from '@tweedegolf/storage-abstraction';
import type { AzureStore } from '../../services/store.ts';
import { type Contender, contentType, metadata } from '../contender.ts';
import { contenderOverTweedegolf } from '../tweedegolf.ts';

export async function openTweedegolf(store: AzureStore): Promise<Contender> {
  const config = {
    provider: Provider.AZURE,
    accountName: store.accountName,
    accountKey: store.accountKey,
    blobDomain: new URL(store.endpointUrl).host,
    bucketName: store.container,
  };
  return contenderOverTweedegolf(config, { blobHTTPHeaders: { blobContentType: contentType }, metadata });
}
