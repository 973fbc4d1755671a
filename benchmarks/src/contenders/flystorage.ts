import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FileStorage } from '@flystorage/file-storage';
import { LocalStorageAdapter } from '@flystorage/local-fs';
import type { Contender } from './contender.ts';

export async function openFlystorage(folder: string): Promise<Contender> {
  const storage = new FileStorage(new LocalStorageAdapter(folder));
  return {
    save: (key, bytes) => storage.write(key, bytes),
    async retrieve(key) {
      return (await storage.readToUint8Array(key)).byteLength;
    },
    exists: (key) => storage.fileExists(key),
    delete: (key) => storage.deleteFile(key),
    saveStream: (key, source) => storage.write(key, source),
    saveFile: (key, path) => storage.write(key, createReadStream(path)),
    async drain(key) {
      let bytes = 0;
      for await (const chunk of await storage.read(key)) bytes += (chunk as Buffer).byteLength;
      return bytes;
    },
    async retrieveToFile(key, path) {
      await pipeline(await storage.read(key), createWriteStream(path));
    },
    async list(prefix) {
      let files = 0;
      for await (const entry of storage.list(prefix, { deep: true })) if (entry.isFile) files += 1;
      return files;
    },
  };
}
