import { azure } from 'files-sdk/azure';
import type { AzureStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverFiles } from '../files-sdk.ts';

export async function openFilesSdk(store: AzureStore): Promise<Contender> {
  const adapter = azure({
    container: store.container,
    endpoint: store.endpointUrl,
    accountName: store.accountName,
    accountKey: store.accountKey,
  });
  return contenderOverFiles(adapter, { multipart: true });
}
