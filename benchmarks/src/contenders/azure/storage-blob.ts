import type { Readable } from 'node:stream';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { AzureStore } from '../../services/store.ts';
import { drainStream, streamToFile } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';

const blockBytes = 8 * 1024 * 1024;
const blocksAtOnce = 4;

/** A client for the container: peers that take one are given this. */
export function containerOf(store: AzureStore): ContainerClient {
  const credential = new StorageSharedKeyCredential(store.accountName, store.accountKey);
  return new ContainerClient(`${store.endpointUrl}/${store.container}`, credential);
}

export async function openStorageBlob(store: AzureStore): Promise<Contender> {
  const container = containerOf(store);
  const attributes = { blobHTTPHeaders: { blobContentType: contentType }, metadata };

  async function read(key: string): Promise<Readable> {
    return (await container.getBlockBlobClient(key).download()).readableStreamBody as Readable;
  }

  return {
    save: (key, bytes) => container.getBlockBlobClient(key).upload(bytes, bytes.byteLength, attributes),
    async retrieve(key) {
      const chunks: Uint8Array[] = [];
      await drainStream(await read(key), (chunk) => chunks.push(chunk));
      return Buffer.concat(chunks);
    },
    exists: (key) => container.getBlockBlobClient(key).exists(),
    delete: (key) => container.getBlockBlobClient(key).delete(),
    saveStream: (key, source) =>
      container.getBlockBlobClient(key).uploadStream(source, blockBytes, blocksAtOnce, attributes),
    saveSized: (key, source, size) => container.getBlockBlobClient(key).upload(() => source, size, attributes),
    saveFile: (key, path) =>
      container
        .getBlockBlobClient(key)
        .uploadFile(path, { ...attributes, blockSize: blockBytes, concurrency: blocksAtOnce }),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await read(key), path),
    async list(prefix) {
      let found = 0;
      for await (const { properties } of container.listBlobsFlat({ prefix })) {
        if (properties.contentLength !== undefined) found += 1;
      }
      return found;
    },
  };
}
