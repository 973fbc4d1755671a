import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Adapter } from 'files-sdk';
import { Files } from 'files-sdk';
import { drainStream, streamToFile, toNode, toWeb } from './bodies.ts';
import { type Contender, contentType, metadata } from './contender.ts';

/** @param multipart whether large bodies are to go in parts, where the adapter has that */
export function contenderOverFiles(adapter: Adapter, { multipart }: { multipart: boolean }): Contender {
  const files = new Files({ adapter });
  const options = { contentType, metadata };
  const large = multipart ? { ...options, multipart: true } : options;

  async function read(key: string): Promise<Readable> {
    return toNode((await files.download(key, { as: 'stream' })).stream());
  }

  return {
    save: (key, bytes) => files.upload(key, bytes, options),
    retrieve: async (key) => new Uint8Array(await (await files.download(key)).arrayBuffer()),
    exists: (key) => files.exists(key),
    delete: (key) => files.delete(key),
    saveStream: (key, source) => files.upload(key, toWeb(source), large),
    saveFile: (key, path) => files.upload(key, toWeb(createReadStream(path)), large),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await read(key), path),
    async list(prefix, seen) {
      let found = 0;
      for await (const file of files.listAll({ prefix })) {
        if (file.size === -1) continue;
        seen?.(file.key);
        found += 1;
      }
      return found;
    },
  };
}
