import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { type Contender, contentType } from './contender.ts';

export async function openFlydrive(folder: string): Promise<Contender> {
  const disk = new Disk(new FSDriver({ location: folder, visibility: 'private' }));
  return {
    save: (key, bytes) => disk.put(key, bytes, { contentType }),
    async retrieve(key) {
      return (await disk.getBytes(key)).byteLength;
    },
    exists: (key) => disk.exists(key),
    delete: (key) => disk.delete(key),
    saveStream: (key, source) => disk.putStream(key, source, { contentType }),
    saveFile: (key, path) => disk.putStream(key, createReadStream(path), { contentType }),
    async drain(key) {
      let bytes = 0;
      for await (const chunk of await disk.getStream(key)) bytes += (chunk as Buffer).byteLength;
      return bytes;
    },
    async retrieveToFile(key, path) {
      await pipeline(await disk.getStream(key), createWriteStream(path));
    },
    async list(prefix) {
      const { objects } = await disk.listAll(prefix, { recursive: true });
      let files = 0;
      for (const object of objects) if (object.isFile) files += 1;
      return files;
    },
  };
}
