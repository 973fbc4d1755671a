import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeWebStream } from 'node:stream/web';
import { Files } from 'files-sdk';
import { fs } from 'files-sdk/fs';
import { type Contender, contentType, metadata } from './contender.ts';

export async function openFilesSdk(folder: string): Promise<Contender> {
  const files = new Files({ adapter: fs({ root: folder }) });
  const options = { contentType, metadata };

  async function read(key: string): Promise<Readable> {
    const file = await files.download(key, { as: 'stream' });
    return Readable.fromWeb(file.stream() as NodeWebStream);
  }

  return {
    save: (key, bytes) => files.upload(key, bytes, options),
    async retrieve(key) {
      return (await (await files.download(key)).arrayBuffer()).byteLength;
    },
    exists: (key) => files.exists(key),
    delete: (key) => files.delete(key),
    saveStream: (key, source) => files.upload(key, webStream(source), options),
    saveFile: (key, path) => files.upload(key, webStream(createReadStream(path)), options),
    async drain(key) {
      let bytes = 0;
      for await (const chunk of await read(key)) bytes += (chunk as Uint8Array).byteLength;
      return bytes;
    },
    async retrieveToFile(key, path) {
      await pipeline(await read(key), createWriteStream(path));
    },
    async list(prefix) {
      let found = 0;
      for await (const file of files.listAll({ prefix: `${prefix}/` })) if (file.size !== -1) found += 1;
      return found;
    },
  };
}

function webStream(source: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as ReadableStream<Uint8Array>;
}
