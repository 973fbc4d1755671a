import type { FileHandle } from 'node:fs/promises';
import { type BlockWriter, createBlockWriter } from '../driver-kit/block-writer.ts';

/** Writes so many bytes to a file, from a position on. */
export function createFileWriter(file: FileHandle, position: number, size: number): BlockWriter {
  let place = position;
  return createBlockWriter(async (block) => {
    for (let rest = block; rest.byteLength > 0; ) {
      const { bytesWritten } = await file.write(rest, 0, rest.byteLength, place);
      place += bytesWritten;
      rest = rest.subarray(bytesWritten);
    }
  }, size);
}
