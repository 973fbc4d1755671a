import { createStorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import type { Contender } from './contender.ts';

/** A store of values: it has no streams. */
export async function openUnstorage(folder: string): Promise<Contender> {
  const storage = createStorage({ driver: fsDriver({ base: folder }) });
  return {
    save: (key, bytes) => storage.setItemRaw(key, bytes),
    async retrieve(key) {
      return ((await storage.getItemRaw(key)) as Buffer).byteLength;
    },
    exists: (key) => storage.hasItem(key),
    delete: (key) => storage.removeItem(key),
    async list(prefix) {
      return (await storage.getKeys(prefix)).length;
    },
    close: () => storage.dispose(),
  };
}
