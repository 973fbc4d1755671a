import { constants } from 'node:fs';
import { close, hasCode, lstat, open, read } from './calls.ts';
import { refuseLink } from './refuse.ts';
import type { Task } from './task.ts';

/** Opens a file itself, not what a link points to, and never waits for the other end of a pipe. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has neither of the two, whatever the types say
export const readFlags: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Whether the call to open a file can itself refuse a link; Windows has to be asked before. */
const refusesLinks = (readFlags & constants.O_NOFOLLOW) !== 0;

const bufferBytes = 16 * 1024;
let spare: Buffer | undefined;

/** Opens a file to read it; a symbolic link is refused. */
export function* openToRead(path: string): Task<number> {
  if (!refusesLinks && (yield* lstat(path))?.isSymbolicLink() === true) throw refuseLink();
  try {
    return yield* open(path, readFlags);
  } catch (error) {
    throw hasCode(error, 'ELOOP') ? refuseLink() : error;
  }
}

/** A small file as text. */
export function* readText(path: string): Task<string> {
  const fd = yield* openToRead(path);
  // One buffer serves all, except those who read at the same time.
  const buffer = spare ?? Buffer.allocUnsafeSlow(bufferBytes);
  spare = undefined;
  try {
    const size = yield* read(fd, buffer, 0);
    if (size < buffer.byteLength) return buffer.toString('utf8', 0, size);
    return yield* readLongText(fd, Buffer.from(buffer));
  } finally {
    spare = buffer;
    yield* close(fd);
  }
}

function* readLongText(fd: number, beginning: Buffer): Task<string> {
  const pieces = [beginning];
  for (let position = beginning.byteLength; ; ) {
    const buffer = Buffer.allocUnsafe(bufferBytes);
    const size = yield* read(fd, buffer, position);
    if (size === 0) return Buffer.concat(pieces).toString('utf8');
    pieces.push(buffer.subarray(0, size));
    position += size;
  }
}
