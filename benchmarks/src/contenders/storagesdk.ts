import { createReadStream } from 'node:fs';
import { Storage, StorageError } from '@storagesdk/core';
import type { Adapter } from '@storagesdk/core/adapter';
import { drainStream, streamToFile, toNode, toWeb } from './bodies.ts';
import { type Contender, contentType, metadata } from './contender.ts';

export function contenderOverStoragesdk(adapter: Adapter<unknown>): Contender {
  const storage = new Storage({ adapter });
  const options = { contentType, metadata };
  const large = { ...options, multipart: true };
  return {
    save: (key, bytes) => storage.upload(key, bytes, options),
    retrieve: (key) => storage.download(key, { as: 'bytes' }),
    async exists(key) {
      try {
        return (await storage.head(key)).size >= 0;
      } catch (error) {
        if (error instanceof StorageError && error.code === 'NotFound') return false;
        throw error;
      }
    },
    delete: (key) => storage.delete(key),
    saveStream: (key, source) => storage.upload(key, toWeb(source), large),
    saveFile: (key, path) => storage.upload(key, toWeb(createReadStream(path)), large),
    drain: async (key, seen) => drainStream(await storage.download(key, { as: 'stream' }), seen),
    retrieveToFile: async (key, path) => streamToFile(toNode(await storage.download(key, { as: 'stream' })), path),
    async list(prefix, seen) {
      let found = 0;
      let cursor: string | undefined;
      do {
        const page = await storage.list({ prefix, limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
        for (const { path, size } of page.items) {
          if (size < 0) continue;
          seen?.(path);
          found += 1;
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
  };
}
