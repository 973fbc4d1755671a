import type { Readable } from 'node:stream';
import { Storage, type StorageAdapterConfig } from '@tweedegolf/storage-abstraction';
import { drainStream, streamToFile } from './bodies.ts';
import { type Contender, contentType } from './contender.ts';

/** @param attributes options of a write in the words of the service's SDK */
export function contenderOverTweedegolf(
  config: StorageAdapterConfig,
  attributes: Record<string, unknown> = { ContentType: contentType },
): Contender {
  const storage = new Storage(config);

  async function read(key: string): Promise<Readable> {
    return ok(await storage.getFileAsStream(key));
  }

  return {
    async save(key, bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      ok(await storage.addFileFromBuffer({ buffer, targetPath: key, options: attributes }));
    },
    async retrieve(key) {
      const chunks: Uint8Array[] = [];
      await drainStream(await read(key), (chunk) => chunks.push(chunk));
      return Buffer.concat(chunks);
    },
    exists: async (key) => ok(await storage.fileExists(key)),
    delete: async (key) => ok(await storage.removeFile(key)),
    saveFile: async (key, path) =>
      ok(await storage.addFileFromPath({ origPath: path, targetPath: key, options: attributes })),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await read(key), path),
  };
}

function ok<T>({ value, error }: { value: T | null; error: string | null }): T {
  if (error !== null || value === null) throw new Error(error ?? 'no answer');
  return value;
}
