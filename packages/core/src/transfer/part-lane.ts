const firstBytes = 256 * 1024;

/**
 * One of the parts that are on the way at once, and its buffer, which serves part after part: memory is bounded by the
 * number of lanes.
 */
export class PartLane {
  #buffer: Uint8Array | undefined;
  #lease = { readers: 0 };

  /** A buffer of at least `size` bytes; what the one before held is gone. */
  buffer(size: number): Uint8Array {
    this.#buffer = this.#reusable(size) ?? allocate(size);
    return this.#buffer;
  }

  /** A buffer that may be smaller than `size`, where few bytes may come. */
  firstBuffer(size: number): Uint8Array {
    this.#buffer = this.#reusable(size) ?? allocate(Math.min(size, firstBytes));
    return this.#buffer;
  }

  /** A larger buffer of at most `most` bytes, with the first `used` bytes of the one before. */
  grown(used: number, most: number): Uint8Array {
    const larger = allocate(Math.min(most, Math.max(used * 2, firstBytes)));
    if (this.#buffer !== undefined) larger.set(this.#buffer.subarray(0, used));
    this.#buffer = larger;
    return larger;
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

  /** An attempt that was given up may still be sending: new bytes in its buffer would reach the service as its part. */
  #reusable(size: number): Uint8Array | undefined {
    if (this.#lease.readers === 0) {
      return this.#buffer !== undefined && this.#buffer.byteLength >= size ? this.#buffer : undefined;
    }
    this.#lease = { readers: 0 };
    return undefined;
  }
}

function allocate(size: number): Uint8Array {
  // Not zeroed, not from the shared pool: each byte is written before it is read.
  return Buffer.allocUnsafeSlow(size);
}
