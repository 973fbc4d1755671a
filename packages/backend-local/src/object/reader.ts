import fs from 'node:fs';
import { DriverFault } from '@storage/core/driver';
import { after } from '../disk/pieces.ts';

/** An open file that is closed once, and not while a read is under way. */
export interface Reader {
  /** Fills the targets one after the other with what is at `position`. Throws `Corrupted` where the file is shorter. */
  fill(targets: readonly Uint8Array[], position: number): Promise<void>;
  close(): void;
  isClosed(): boolean;
}

export function createReader(fd: number): Reader {
  let reading = false;
  let closing = false;

  function closeNow(): void {
    // A file that was only read has nothing to lose when it cannot be closed.
    fs.close(fd, () => undefined);
  }

  function read(targets: readonly Uint8Array[], position: number): Promise<number> {
    reading = true;
    return new Promise((resolve, reject) => {
      fs.readv(fd, targets, position, (error, size) => {
        reading = false;
        if (closing) closeNow();
        if (error === null) resolve(size);
        else reject(error);
      });
    });
  }

  return {
    isClosed: () => closing,
    async fill(targets, position) {
      let left = targets;
      for (let at = position; left.length > 0; ) {
        const size = await read(left, at);
        if (size === 0) throw new DriverFault('Corrupted', 'the file was cut short while it was read');
        at += size;
        left = after(left, size);
        if (closing && left.length > 0) throw new DriverFault('Aborted', 'the body was cancelled');
      }
    },
    close() {
      if (closing) return;
      closing = true;
      if (!reading) closeNow();
    },
  };
}
