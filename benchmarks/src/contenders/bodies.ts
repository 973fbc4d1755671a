import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeWebStream } from 'node:stream/web';

/** Reads a stream to its end. */
export async function drainStream(source: AsyncIterable<unknown>, seen: (chunk: Uint8Array) => void): Promise<void> {
  for await (const chunk of source) seen(chunk as Uint8Array);
}

export function toNode(stream: unknown): Readable {
  return stream instanceof Readable ? stream : Readable.fromWeb(stream as NodeWebStream);
}

export function toWeb(source: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as ReadableStream<Uint8Array>;
}

export async function streamToFile(source: Readable, path: string): Promise<void> {
  await pipeline(source, createWriteStream(path));
}

const blockBytes = 1024 * 1024;

/** Writes a stream in blocks of 1 MiB, from one buffer. */
export async function blocksToFile(source: AsyncIterable<unknown>, path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    const block = Buffer.allocUnsafe(blockBytes);
    let filled = 0;
    let position = 0;
    const flush = async (): Promise<void> => {
      await file.write(block, 0, filled, position);
      position += filled;
      filled = 0;
    };
    for await (const chunk of source as AsyncIterable<Buffer>) {
      let from = 0;
      while (from < chunk.length) {
        const copied = chunk.copy(block, filled, from);
        filled += copied;
        from += copied;
        if (filled === blockBytes) await flush();
      }
    }
    if (filled > 0) await flush();
  } finally {
    await file.close();
  }
}

/** Fills a part buffer; resolves with how many bytes are in it, 0 at the end. */
export type FillPart = (buffer: Buffer) => Promise<number>;

export function partsOfStream(source: Readable): FillPart {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return async (buffer) => {
    let filled = 0;
    while (filled < buffer.length) {
      if (rest.length === 0) {
        const next = await chunks.next();
        if (next.done === true) break;
        rest = next.value;
      }
      const copied = rest.copy(buffer, filled);
      filled += copied;
      rest = rest.subarray(copied);
    }
    return filled;
  };
}

export function partsOfFile(file: FileHandle): FillPart {
  let position = 0;
  return async (buffer) => {
    const start = position;
    position += buffer.length;
    return (await file.read(buffer, 0, buffer.length, start)).bytesRead;
  };
}

/** Sends parts, so many at a time, each from a buffer that is used again. The parts are asked for one after another. */
export async function sendParts(
  fill: FillPart,
  { partBytes, concurrency }: { partBytes: number; concurrency: number },
  send: (number: number, bytes: Buffer) => Promise<void>,
): Promise<number> {
  let count = 0;
  let turn: Promise<unknown> = Promise.resolve();
  async function lane(): Promise<void> {
    const buffer = Buffer.allocUnsafe(partBytes);
    for (;;) {
      const filling = turn.then(async () => {
        const filled = await fill(buffer);
        if (filled > 0) count += 1;
        return { filled, number: count };
      });
      turn = filling;
      const { filled, number } = await filling;
      if (filled === 0) return;
      await send(number, buffer.subarray(0, filled));
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane));
  return count;
}
