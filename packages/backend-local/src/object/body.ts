import fs from 'node:fs';
import type { BodyStream } from '@storage/core/driver';
import { DriverFault } from '@storage/core/driver';

/** Larger chunks are no faster, since each is fresh memory, and four times as many bytes wait for the garbage collector. */
const chunkBytes = 64 * 1024;

/** Closes the files of bodies that were dropped unread: a forgotten body must not cost a handle for ever. */
const dropped = new FinalizationRegistry<Handle>((handle) => {
  handle.close();
});

/** The bytes of an open file from `start` up to `end`; it owns the file. While one chunk is read by its reader, the next is fetched. */
export function fileBody(fd: number, start: number, end: number): BodyStream {
  const handle = createHandle(fd);
  let position = start;
  let ahead: Promise<Uint8Array> | undefined;

  function fetch(): Promise<Uint8Array> | undefined {
    if (position >= end) return undefined;
    const length = Math.min(chunkBytes, end - position);
    const chunk = readFully(handle, Buffer.allocUnsafeSlow(length), position);
    position += length;
    // Reported when its turn comes; until then it must not count as unhandled.
    chunk.catch(() => undefined);
    return chunk;
  }

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const current = ahead ?? fetch();
    if (current === undefined || handle.isClosed()) return finish();
    try {
      const value = await current;
      ahead = fetch();
      // The last chunk is in memory: the file is not needed any more.
      if (ahead === undefined) handle.close();
      return { done: false, value };
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  async function read(target: Uint8Array): Promise<number> {
    if (position >= end || handle.isClosed()) {
      handle.close();
      return 0;
    }
    try {
      const { byteLength } = await readFully(handle, target.subarray(0, end - position), position);
      position += byteLength;
      // As above.
      if (position >= end) handle.close();
      return byteLength;
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  function finish(): IteratorResult<Uint8Array, undefined> {
    handle.close();
    return { done: true, value: undefined };
  }

  const body: BodyStream = {
    // The iterator names the body: who holds only the iterator has not dropped the body.
    [Symbol.asyncIterator]: () => Object.assign({ next, return: () => Promise.resolve(finish()) }, { body }),
    read,
    cancel: () => Promise.resolve(void finish()),
  };
  dropped.register(body, handle);
  return body;
}

/** An open file that is closed once, and not while a read is under way. */
interface Handle {
  read(target: Uint8Array, offset: number, position: number): Promise<number>;
  close(): void;
  isClosed(): boolean;
}

function createHandle(fd: number): Handle {
  let reading = false;
  let closing = false;

  function closeNow(): void {
    // A file that was only read has nothing to lose when it cannot be closed.
    fs.close(fd, () => undefined);
  }

  return {
    isClosed: () => closing,
    read(target, offset, position) {
      reading = true;
      return new Promise((resolve, reject) => {
        fs.read(fd, target, offset, target.byteLength - offset, position, (error, size) => {
          reading = false;
          if (closing) closeNow();
          if (error === null) resolve(size);
          else reject(error);
        });
      });
    },
    close() {
      if (closing) return;
      closing = true;
      if (!reading) closeNow();
    },
  };
}

async function readFully(handle: Handle, target: Uint8Array, position: number): Promise<Uint8Array> {
  for (let filled = 0; filled < target.byteLength; ) {
    const size = await handle.read(target, filled, position + filled);
    if (size === 0) throw new DriverFault('Corrupted', 'the file was cut short while it was read');
    filled += size;
    if (handle.isClosed() && filled < target.byteLength) throw new DriverFault('Aborted', 'the body was cancelled');
  }
  return target;
}
