import { Operator } from 'opendal';
import type { AzureStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverOpendal } from '../opendal.ts';

export async function openOpendal(store: AzureStore): Promise<Contender> {
  const options = {
    container: store.container,
    endpoint: store.endpointUrl,
    account_name: store.accountName,
    account_key: store.accountKey,
  };
  return contenderOverOpendal(new Operator('azblob', options));
}
