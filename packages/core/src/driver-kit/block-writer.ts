const blockBytes = 1024 * 1024;
/** A body of no more than this has memory of its own: less is touched, and less is kept. */
const smallBytes = 128 * 1024;
/** Blocks that are kept for the next body. */
const sparesKept = 8;

const spares: Buffer[] = [];

/** Writes a body in large blocks: while one is on its way, the next is filled. The blocks are used again. */
export interface BlockWriter {
  /** Free memory of the block that is being filled, never empty: a chunk that is read there need not be copied. */
  target(): Uint8Array;
  /** Takes all bytes of a chunk before it resolves: the source may use its buffer again. */
  push(chunk: Uint8Array): Promise<void>;
  /** Resolves when every byte is written. */
  end(): Promise<void>;
  /** Waits for what is under way, and keeps the blocks for another body unless a chunk may still be on its way into one. */
  close(): Promise<void>;
}

/**
 * A writer of blocks by `write`, which is called with one after the other, and resolves when it is written.
 *
 * @param size bytes that will come, where that is known: a small body gets a small block
 */
export function createBlockWriter(write: (block: Uint8Array) => Promise<void>, size: number = blockBytes): BlockWriter {
  const capacity = size > smallBytes ? blockBytes : Math.max(1, size);
  let filling = takeBlock(capacity);
  let other: Buffer | undefined;
  let filled = 0;
  let writing: Promise<void> = Promise.resolve();
  let isWhole = false;

  async function flush(): Promise<void> {
    await writing;
    writing = write(filling.subarray(0, filled));
    filled = 0;
    // Reported by the next flush, or by `end`; until then it must not count as unhandled.
    writing.catch(() => undefined);
  }

  function turn(): void {
    [filling, other] = [other ?? takeBlock(capacity), filling];
  }

  function isInPlace(chunk: Uint8Array): boolean {
    return chunk.buffer === filling.buffer && chunk.byteOffset === filling.byteOffset + filled;
  }

  return {
    target: () => filling.subarray(filled),

    async push(chunk) {
      for (let taken = 0; taken < chunk.byteLength; ) {
        const some = chunk.subarray(taken, taken + capacity - filled);
        if (!isInPlace(some)) filling.set(some, filled);
        filled += some.byteLength;
        taken += some.byteLength;
        if (filled < capacity) continue;
        await flush();
        turn();
      }
    },

    async end() {
      if (filled > 0) await flush();
      await writing;
      isWhole = true;
    },

    async close() {
      await writing.catch(() => undefined);
      // A source that was given up may go on filling the target that it was told.
      if (!isWhole) return;
      for (const block of other === undefined ? [filling] : [filling, other]) {
        if (block.byteLength === blockBytes && spares.length < sparesKept) spares.push(block);
      }
    },
  };
}

function takeBlock(bytes: number): Buffer {
  return (bytes === blockBytes ? spares.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
}
