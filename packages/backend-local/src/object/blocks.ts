import { write } from '../disk/calls.ts';
import type { Pace } from '../disk/pace.ts';
import { run } from '../disk/run.ts';

const blockBytes = 1024 * 1024;
/** Blocks that are kept for the next stream. */
const sparesKept = 8;

const spares: Buffer[] = [];

/** Writes a stream to a file in large blocks: while one is on its way to the disk, the next is filled. */
export interface BlockWriter {
  /** Takes all bytes of a chunk before it resolves: the source may use its buffer again. */
  push(chunk: Uint8Array): Promise<void>;
  /** Resolves when every byte is written. */
  end(): Promise<void>;
  /** Waits for what is under way and gives the blocks back. */
  close(): Promise<void>;
}

export function createBlockWriter(pace: Pace, fd: number): BlockWriter {
  let filling = spares.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  let other = spares.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  let filled = 0;
  let writing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    await writing;
    writing = run(pace, write(fd, [filling.subarray(0, filled)]));
    // Reported by the next flush, or by `end`; until then it must not count as unhandled.
    writing.catch(() => undefined);
    [filling, other] = [other, filling];
    filled = 0;
  }

  return {
    async push(chunk) {
      for (let taken = 0; taken < chunk.byteLength; ) {
        const some = chunk.subarray(taken, taken + blockBytes - filled);
        filling.set(some, filled);
        filled += some.byteLength;
        taken += some.byteLength;
        if (filled === blockBytes) await flush();
      }
    },

    async end() {
      await flush();
      await writing;
    },

    async close() {
      await writing.catch(() => undefined);
      if (spares.length < sparesKept) spares.push(filling, other);
    },
  };
}
