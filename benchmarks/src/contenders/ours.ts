import { LocalBackend } from '@storage/backend-local';
import { type Contender, contentType, metadata } from './contender.ts';

export async function openOurs(basePath: string): Promise<Contender> {
  return contender(new LocalBackend({ basePath }));
}

export async function openOursWithoutVersions(basePath: string): Promise<Contender> {
  return contender(new LocalBackend({ basePath, versions: false }));
}

function contender(backend: LocalBackend): Contender {
  const options = { contentType, metadata };
  return {
    save: (key, bytes) => backend.save(key, bytes, options),
    async retrieve(key) {
      const file = await backend.retrieve(key);
      return (await file.bytes()).byteLength;
    },
    exists: (key) => backend.exists(key),
    delete: (key) => backend.delete(key),
    saveStream: (key, source) => backend.save(key, source, options),
    saveFile: (key, path) => backend.uploadFile(key, path, options),
    async drain(key) {
      const file = await backend.retrieve(key);
      let bytes = 0;
      for await (const chunk of file) bytes += chunk.byteLength;
      return bytes;
    },
    retrieveToFile: (key, path) => backend.downloadFile(key, path),
    async list(folder) {
      let files = 0;
      for await (const file of backend.walk(`${folder}/`)) if (file.size >= 0) files += 1;
      return files;
    },
    close: () => backend.close(),
  };
}
