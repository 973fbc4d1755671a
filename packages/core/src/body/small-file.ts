import { closeSync, fstatSync, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { DriverFault } from '../errors/driver-fault.ts';
import { localFileFault } from '../transfer/local-file-fault.ts';

/** No more than a stream of a file reads at a time. */
const mostBytes = 1024 * 1024;

const openFd = promisify(open);
const readFd = promisify(read);

/**
 * All bytes of a file that has no more than 1 MiB and than `atMost`; undefined of any other, and of what is no regular
 * file. Throws `Conflict` when it changes while it is read.
 */
export async function readSmallFile(path: string, atMost: number): Promise<Uint8Array | undefined> {
  try {
    const fd = await openFd(path, 'r');
    try {
      return await readOpen(fd, path, Math.min(atMost, mostBytes));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw error instanceof DriverFault ? error : localFileFault('read', path, error);
  }
}

/**
 * Finding a file and reading it may wait for a disk, and are left to a thread. What is known of a file that is open is in
 * memory: to ask for it there, and to close, costs a twentieth of the way to a thread and back.
 */
async function readOpen(fd: number, path: string, atMost: number): Promise<Uint8Array | undefined> {
  const before = fstatSync(fd);
  if (!before.isFile() || before.size > atMost) return undefined;
  const bytes = Buffer.allocUnsafeSlow(before.size);
  for (let filled = 0; filled < bytes.byteLength; ) {
    const { bytesRead } = await readFd(fd, bytes, filled, bytes.byteLength - filled, filled);
    if (bytesRead === 0) throw fileChanged(path);
    filled += bytesRead;
  }
  if (!isSame(before, fstatSync(fd))) throw fileChanged(path);
  return bytes;
}

function isSame(before: Stats, now: Stats): boolean {
  return now.size === before.size && now.mtimeMs === before.mtimeMs;
}

/** Half of one file and half of another is neither. */
export function fileChanged(path: string): DriverFault {
  return new DriverFault('Conflict', `the file ${JSON.stringify(path)} changed while it was read; nothing was stored`);
}
