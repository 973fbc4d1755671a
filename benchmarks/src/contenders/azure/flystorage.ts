import { AzureStorageBlobStorageAdapter } from '@flystorage/azure-storage-blob';
import type { AzureStore } from '../../services/store.ts';
import { type Contender, contentType } from '../contender.ts';
import { contenderOverFlystorage } from '../flystorage.ts';
import { containerOf } from './storage-blob.ts';

export async function openFlystorage(store: AzureStore): Promise<Contender> {
  return contenderOverFlystorage(new AzureStorageBlobStorageAdapter(containerOf(store)), contentType);
}
