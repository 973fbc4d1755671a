const firstBytes = 256 * 1024;

/**
 * One of the parts that are on the way at once, and its memory, which serves part after part: it is bounded by the number
 * of lanes.
 */
export class PartLane {
  #blocks: Uint8Array[] = [];
  #lease = { readers: 0 };

  /** A buffer of at least `size` bytes; what the lane held before is gone. */
  buffer(size: number): Uint8Array {
    this.#begin();
    const [block] = this.#blocks;
    if (block !== undefined && block.byteLength >= size) return block;
    const larger = allocate(size);
    this.#blocks = [larger];
    return larger;
  }

  /**
   * Buffers of `size` bytes together, made as they are asked for: few bytes may come. What the lane held before is gone.
   * A larger part adds to those of the ones before, so that nothing is left to the collector, however large parts grow.
   */
  *buffers(size: number): Generator<Uint8Array, undefined> {
    this.#begin();
    let held = 0;
    for (let index = 0; held < size; index += 1) {
      this.#blocks[index] ??= allocate(Math.min(size - held, Math.max(held, firstBytes)));
      const block = (this.#blocks[index] as Uint8Array).subarray(0, size - held);
      held += block.byteLength;
      yield block;
    }
  }

  /** Runs an attempt that reads the buffer. */
  async lend<T>(attempt: () => Promise<T>): Promise<T> {
    const lease = this.#lease;
    lease.readers += 1;
    try {
      return await attempt();
    } finally {
      lease.readers -= 1;
    }
  }

  /** An attempt that was given up may still be sending: new bytes in its buffers would reach the service as its part. */
  #begin(): void {
    if (this.#lease.readers === 0) return;
    this.#lease = { readers: 0 };
    this.#blocks = [];
  }
}

function allocate(size: number): Uint8Array {
  // Not zeroed, not from the shared pool: each byte is written before it is read.
  return Buffer.allocUnsafeSlow(size);
}
