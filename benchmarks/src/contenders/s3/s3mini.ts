import { openAsBlob } from 'node:fs';
import { S3mini } from 's3mini';
import type { S3Store } from '../../services/store.ts';
import { drainStream, streamToFile, toNode, toWeb } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';

export async function openS3mini(store: S3Store): Promise<Contender> {
  const client = new S3mini({
    endpoint: `${store.endpointUrl}/${store.bucket}`,
    region: store.region,
    accessKeyId: store.accessKey,
    secretAccessKey: store.secretKey,
  });
  const headers = { 'x-amz-meta-owner': metadata.owner, 'x-amz-meta-job': metadata.job } as const;

  async function read(key: string): Promise<ReadableStream<Uint8Array>> {
    const response = await client.getObjectResponse(key);
    if (response?.body == null) throw new Error('no body');
    return response.body;
  }

  return {
    save: (key, bytes) => client.putObject(key, bytes, contentType, undefined, headers),
    async retrieve(key) {
      const body = await client.getObjectArrayBuffer(key);
      if (body === null) throw new Error('not found');
      return new Uint8Array(body);
    },
    exists: async (key) => (await client.objectExists(key)) === true,
    delete: (key) => client.deleteObject(key),
    saveStream: (key, source) => client.putAnyObject(key, toWeb(source), contentType, undefined, headers),
    saveSized: (key, source, size) => client.putAnyObject(key, toWeb(source), contentType, undefined, headers, size),
    saveFile: async (key, path) => client.putAnyObject(key, await openAsBlob(path), contentType, undefined, headers),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(toNode(await read(key)), path),
    async list(prefix, seen) {
      let found = 0;
      for (const { Key, Size } of (await client.listObjects('/', prefix)) ?? []) {
        if (Number(Size) < 0) continue;
        seen?.(Key);
        found += 1;
      }
      return found;
    },
  };
}
