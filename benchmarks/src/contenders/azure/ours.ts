import { AzureBlobBackend } from '@storage/backend-azure-blob';
import type { AzureStore } from '../../services/store.ts';
import { contenderOver } from '../backend.ts';
import type { Contender } from '../contender.ts';

export async function openOurs(store: AzureStore): Promise<Contender> {
  return open(store, {});
}

/** The same through the SDK. */
export async function openOursBySdk(store: AzureStore): Promise<Contender> {
  return open(store, { transport: 'sdk' });
}

function open({ endpointUrl, accountName, accountKey, container }: AzureStore, more: { transport?: 'sdk' }): Contender {
  return contenderOver(
    new AzureBlobBackend({ endpointUrl, accountName, accountKey, containerName: container, ...more }),
  );
}
