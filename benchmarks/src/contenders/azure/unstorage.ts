import type { Driver } from 'unstorage';
import azureDriver from 'unstorage/drivers/azure-storage-blob';
import type { AzureStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { contenderOverUnstorage } from '../unstorage.ts';

export async function openUnstorage(store: AzureStore): Promise<Contender> {
  const { endpointUrl, accountName, accountKey, container } = store;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${accountName};AccountKey=${accountKey};BlobEndpoint=${endpointUrl};`;
  return contenderOverUnstorage(withSlashes(azureDriver({ connectionString, containerName: container })));
}

/** This driver of theirs stores `a/b` as `a:b`; here all read and write the same names. */
function withSlashes(driver: Driver): Driver {
  const name = (key: string): string => key.replaceAll(':', '/');
  return {
    ...driver,
    hasItem: (key, options) => driver.hasItem(name(key), options),
    getItemRaw: (key, options) => driver.getItemRaw?.(name(key), options),
    setItemRaw: (key, value, options) => driver.setItemRaw?.(name(key), value, options),
    removeItem: (key, options) => driver.removeItem?.(name(key), options),
  };
}
