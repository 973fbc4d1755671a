import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Operator } from 'opendal';
import { drainStream, streamToFile } from './bodies.ts';
import { type Contender, contentType, metadata } from './contender.ts';

const large = { chunk: 8n * 1024n * 1024n, concurrent: 4 };

/** @param keepsAttributes whether the service behind takes a content type and metadata */
export function contenderOverOpendal(operator: Operator, { keepsAttributes } = { keepsAttributes: true }): Contender {
  const attributes = keepsAttributes ? { contentType, userMetadata: metadata } : {};

  async function write(key: string, source: Readable): Promise<void> {
    const writer = await operator.writer(key, { ...attributes, ...large });
    await pipeline(source, writer.createWriteStream());
  }
  async function read(key: string): Promise<Readable> {
    const reader = await operator.reader(key, { chunk: Number(large.chunk), concurrent: large.concurrent });
    return reader.createReadStream({ highWaterMark: 1024 * 1024 });
  }

  return {
    save: (key, bytes) => operator.write(key, bytes as Buffer, attributes),
    retrieve: (key) => operator.read(key),
    exists: (key) => operator.exists(key),
    delete: (key) => operator.delete(key),
    saveStream: write,
    saveFile: (key, path) => write(key, createReadStream(path, { highWaterMark: 1024 * 1024 })),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await read(key), path),
    async list(prefix, seen) {
      let found = 0;
      for (const entry of await operator.list(prefix, { recursive: true })) {
        const size = entry.metadata().contentLength;
        if (entry.path().endsWith('/') || size === null || size < 0n) continue;
        seen?.(entry.path());
        found += 1;
      }
      return found;
    },
  };
}
