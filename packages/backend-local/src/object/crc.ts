import { crc32 } from 'node:zlib';
import { close, read } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { openToRead } from '../disk/text.ts';

const blockBytes = 1024 * 1024;

/** The CRC-32 of bytes that come in pieces, as eight hexadecimal digits. */
export function hexCrc(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/** The CRC-32 of a file. */
export function* crcOfFile(path: string): Task<string> {
  const fd = yield* openToRead(path);
  try {
    const block = Buffer.allocUnsafe(blockBytes);
    let crc = 0;
    for (let position = 0; ; ) {
      const size = yield* read(fd, block, position);
      if (size === 0) return hexCrc(crc);
      crc = crc32(block.subarray(0, size), crc);
      position += size;
    }
  } finally {
    yield* close(fd);
  }
}
