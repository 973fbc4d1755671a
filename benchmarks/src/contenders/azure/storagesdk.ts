import { azure } from '@storagesdk/adapters/azure';
import type { AzureStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverStoragesdk } from '../storagesdk.ts';

export async function openStoragesdk(store: AzureStore): Promise<Contender> {
  const { endpointUrl, accountName, accountKey, container } = store;
  return contenderOverStoragesdk(azure({ bucket: container, accountName, accountKey, endpoint: endpointUrl }));
}
