import { createReadStream } from 'node:fs';
import { Disk } from 'flydrive';
import type { DriverContract } from 'flydrive/types';
import { drainStream, streamToFile } from './bodies.ts';
import { type Contender, contentType } from './contender.ts';

/** @param unsized whether a stream of unknown length can be stored */
export function contenderOverFlydrive(
  driver: DriverContract,
  { unsized, more }: { unsized: boolean; more?: Record<string, unknown> },
): Contender {
  const disk = new Disk(driver);
  const options = { contentType, ...more };
  const contender: Contender = {
    save: (key, bytes) => disk.put(key, bytes, options),
    retrieve: (key) => disk.getBytes(key),
    exists: (key) => disk.exists(key),
    delete: (key) => disk.delete(key),
    saveSized: (key, source, size) => disk.putStream(key, source, { ...options, contentLength: size }),
    saveFile: (key, path) => disk.putStream(key, createReadStream(path), options),
    drain: async (key, seen) => drainStream(await disk.getStream(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await disk.getStream(key), path),
    async list(prefix, seen) {
      let files = 0;
      let paginationToken: string | undefined;
      do {
        const page = await disk.listAll(prefix, {
          recursive: true,
          ...(paginationToken === undefined ? {} : { paginationToken }),
        });
        for (const object of page.objects) {
          if (!object.isFile) continue;
          seen?.(object.key);
          files += 1;
        }
        paginationToken = page.paginationToken;
      } while (paginationToken !== undefined);
      return files;
    },
  };
  return unsized ? { ...contender, saveStream: (key, source) => disk.putStream(key, source, options) } : contender;
}
