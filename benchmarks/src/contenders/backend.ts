import type { StorageBackend } from '@storage/core';
import { type Contender, contentType, metadata } from './contender.ts';

/** One of our backends, at its defaults. */
export function contenderOver(backend: StorageBackend): Contender {
  const options = { contentType, metadata };
  return {
    save: (key, bytes) => backend.save(key, bytes, options),
    retrieve: async (key) => (await backend.retrieve(key)).bytes(),
    exists: (key) => backend.exists(key),
    delete: (key) => backend.delete(key),
    saveStream: (key, source) => backend.save(key, source, options),
    saveSized: (key, source, size) => backend.save(key, source, { ...options, size }),
    saveFile: (key, path) => backend.uploadFile(key, path, options),
    async drain(key, seen) {
      for await (const chunk of await backend.retrieve(key)) seen(chunk);
    },
    retrieveToFile: (key, path) => backend.downloadFile(key, path),
    async list(prefix, seen) {
      let files = 0;
      for await (const file of backend.walk(prefix)) {
        if (file.size < 0) continue;
        seen?.(file.key);
        files += 1;
      }
      return files;
    },
    saveWith: (key, bytes, metadata) => backend.save(key, bytes, { contentType, metadata }),
    metadataOf: async (key) => (await backend.getMetadata(key))?.metadata,
    // All of them: a thousand as it comes.
    countVersions: async (key) => (await backend.getVersions(key, { limit: 100_000 })).length,
    close: () => backend.close(),
  };
}
