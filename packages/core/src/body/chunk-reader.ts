import { chunkBytes } from './chunk.ts';

/** Where chunks come from. */
export interface ChunkOrigin {
  pull(): Promise<IteratorResult<unknown, unknown>>;
  /** Frees the origin; called at most once, and possibly while a `pull` is pending. Must not throw. */
  stop(reason: unknown): void;
  /** Called when the origin says that it ended: throws if it was cut. */
  checkEnd?(): void;
}

/**
 * Chunks as bytes, empty ones left out. Written by hand, since the `return` of a generator waits for a `next` that a
 * hanging source never answers.
 */
export class ChunkReader implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #origin: ChunkOrigin;
  #over = false;
  #stopReason: unknown;

  constructor(origin: ChunkOrigin) {
    this.#origin = origin;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (!this.#over) {
      const result = await this.#pull();
      if (result.done === true) {
        this.#over = true;
        this.#origin.checkEnd?.();
        return { done: true, value: undefined };
      }
      const bytes = this.#bytesOf(result.value);
      if (bytes.byteLength > 0) return { done: false, value: bytes };
    }
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.stop(new Error('the body was not read to its end'));
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Frees the origin unless it has ended; a `next` that is pending rejects. */
  stop(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopReason = reason;
    this.#origin.stop(reason);
  }

  async #pull(): Promise<IteratorResult<unknown, unknown>> {
    let result: IteratorResult<unknown, unknown>;
    try {
      result = await this.#origin.pull();
    } catch (error) {
      if (!this.#over) {
        this.#over = true;
        this.#origin.stop(error);
      }
      throw error;
    }
    // A web stream answers a pending read with its end when it is cancelled: that is no end of the body.
    if (this.#stopReason !== undefined) throw this.#stopReason as Error;
    return result;
  }

  #bytesOf(chunk: unknown): Uint8Array {
    try {
      return chunkBytes(chunk);
    } catch (error) {
      this.stop(error);
      throw error;
    }
  }
}
