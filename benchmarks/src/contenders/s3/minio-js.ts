import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { Client, S3Error } from 'minio';
import type { S3Store } from '../../services/store.ts';
import { drainStream, streamToFile } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';

export async function openMinioJs(store: S3Store): Promise<Contender> {
  const { hostname, port, protocol } = new URL(store.endpointUrl);
  const { bucket, region, accessKey, secretKey } = store;
  const transportAgent = new Agent({ keepAlive: true, maxSockets: 64 });
  const useSSL = protocol === 'https:';
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL,
    region,
    accessKey,
    secretKey,
    transportAgent,
    // Its default for an unknown size is a part of 528 MiB in memory.
    partSize: 8 * 1024 * 1024,
  });
  const attributes = { 'Content-Type': contentType, ...metadata };
  return {
    save: (key, bytes) =>
      client.putObject(
        bucket,
        key,
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
        bytes.length,
        attributes,
      ),
    retrieve: async (key) => readAll(await client.getObject(bucket, key)),
    async exists(key) {
      try {
        await client.statObject(bucket, key);
        return true;
      } catch (error) {
        if (error instanceof S3Error && error.code === 'NotFound') return false;
        throw error;
      }
    },
    delete: (key) => client.removeObject(bucket, key),
    saveStream: (key, source) => client.putObject(bucket, key, source, undefined, attributes),
    saveSized: (key, source, size) => client.putObject(bucket, key, source, size, attributes),
    saveFile: (key, path) => client.fPutObject(bucket, key, path, attributes),
    drain: async (key, seen) => drainStream(await client.getObject(bucket, key), seen),
    // Not `fGetObject`: it asks for the metadata first, and renames.
    retrieveToFile: async (key, path) => streamToFile(await client.getObject(bucket, key), path),
    async list(prefix, seen) {
      let found = 0;
      for await (const { name, size } of client.listObjectsV2(bucket, prefix, true)) {
        if (name === undefined || size < 0) continue;
        seen?.(name);
        found += 1;
      }
      return found;
    },
    close: () => Promise.resolve(transportAgent.destroy()),
  };
}

async function readAll(source: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
