import { createStorage, type Driver } from 'unstorage';
import type { Contender } from './contender.ts';

/** A store of values: it has no streams. */
export function contenderOverUnstorage(driver: Driver): Contender {
  const storage = createStorage({ driver });
  return {
    save: (key, bytes) => storage.setItemRaw(key, bytes),
    retrieve: async (key) => bytesOf(await storage.getItemRaw(key)),
    exists: (key) => storage.hasItem(key),
    delete: (key) => storage.removeItem(key),
    list: async (prefix) => (await storage.getKeys(prefix)).length,
    close: () => storage.dispose(),
  };
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(value as ArrayBuffer);
}
