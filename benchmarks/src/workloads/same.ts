import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Contender } from '../contenders/contender.ts';

const chunkBytes = 64 * 1024;

/** Bytes that are no pattern, and the same in every process. */
function noise(bytes: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    buffer.writeInt32LE(state, at);
  }
  return buffer;
}

export const smallBody: Uint8Array = noise(4096);

export function assertSame(found: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(found, expected) !== 0)
    throw new Error(`read ${found.byteLength} bytes that are not what was saved`);
}

const chunk = noise(chunkBytes);

/** A large body, in the chunks in which files and sockets come. No two chunks are the same. */
export function largeBody(bytes: number): Readable {
  let left = bytes;
  return new Readable({
    read() {
      if (left === 0) {
        this.push(null);
        return;
      }
      const next = Buffer.from(chunk.subarray(0, Math.min(left, chunkBytes)));
      if (next.byteLength >= 8) next.writeDoubleLE(left);
      left -= next.byteLength;
      this.push(next);
    },
  });
}

/** Throws unless a stream of chunks is the large body. */
export async function assertLarge(
  read: (seen: (chunk: Uint8Array) => void) => Promise<unknown>,
  bytes: number,
): Promise<void> {
  const expected = createHash('sha256');
  for await (const part of largeBody(bytes)) expected.update(part as Buffer);
  const found = createHash('sha256');
  let size = 0;
  await read((part) => {
    found.update(part);
    size += part.byteLength;
  });
  if (size !== bytes) throw new Error(`read ${size} bytes`);
  if (found.digest('hex') !== expected.digest('hex')) throw new Error('the bytes are not what was saved');
}

export function drainOf(contender: Contender, key: string): (seen: (chunk: Uint8Array) => void) => Promise<unknown> {
  return async (seen) => {
    if (contender.drain === undefined) seen(await contender.retrieve(key));
    else await contender.drain(key, seen);
  };
}
