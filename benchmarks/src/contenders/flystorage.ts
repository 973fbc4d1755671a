import { createReadStream } from 'node:fs';
import { FileStorage, type StorageAdapter } from '@flystorage/file-storage';
import { drainStream, streamToFile } from './bodies.ts';
import type { Contender } from './contender.ts';

/** @param mimeType named for services, where it would otherwise read the beginning of each body */
export function contenderOverFlystorage(adapter: StorageAdapter, mimeType?: string): Contender {
  const storage = new FileStorage(adapter);
  const options = mimeType === undefined ? {} : { mimeType };
  return {
    save: (key, bytes) => storage.write(key, bytes, options),
    retrieve: (key) => storage.readToUint8Array(key),
    exists: (key) => storage.fileExists(key),
    delete: (key) => storage.deleteFile(key),
    saveStream: (key, source) => storage.write(key, source, options),
    saveSized: (key, source, size) => storage.write(key, source, { ...options, size }),
    saveFile: (key, path) => storage.write(key, createReadStream(path), options),
    drain: async (key, seen) => drainStream(await storage.read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await storage.read(key), path),
    async list(prefix, seen) {
      let files = 0;
      for await (const entry of storage.list(prefix, { deep: true })) {
        if (!entry.isFile) continue;
        seen?.(entry.path);
        files += 1;
      }
      return files;
    },
  };
}
