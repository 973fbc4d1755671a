import { AzureBlobBackend } from '@storage/backend-azure-blob';
import type { AzureStore } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs(store: AzureStore): Promise<Contender> {
  const { endpointUrl, accountName, accountKey, container } = store;
  return contenderOver(new AzureBlobBackend({ endpointUrl, accountName, accountKey, containerName: container }));
}
