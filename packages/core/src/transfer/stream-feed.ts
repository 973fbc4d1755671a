import { DriverFault } from '../errors/driver-fault.ts';
import type { Part, PartFeed } from './part-feed.ts';
import type { PartLane } from './part-lane.ts';
import type { PartSizes } from './part-size.ts';

/** Cuts a stream into parts: one lane after the other fills its buffer, while the others send theirs. */
export class StreamFeed implements PartFeed {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #sizeAt: PartSizes;
  readonly #maxParts: number;
  #turn: Promise<unknown> = Promise.resolve();
  #ahead: Part | undefined;
  #rest: Uint8Array | undefined;
  #offset = 0;
  #partNumber = 0;
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>, sizeAt: PartSizes, maxParts: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#sizeAt = sizeAt;
    this.#maxParts = maxParts;
  }

  /** The first part before any lane asks, and whether it is all: then an upload in parts is not needed. */
  async first(lane: PartLane): Promise<{ readonly part: Part | undefined; readonly isAll: boolean }> {
    this.#ahead = await this.#fill(lane);
    return { part: this.#ahead, isAll: !(await this.#hasMore()) };
  }

  next(lane: PartLane): Promise<Part | undefined> {
    const part = this.#turn.then(() => this.#take(lane));
    this.#turn = part.catch(() => undefined);
    return part;
  }

  async #take(lane: PartLane): Promise<Part | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? this.#fill(lane);
  }

  async #fill(lane: PartLane): Promise<Part | undefined> {
    if (!(await this.#hasMore())) return undefined;
    if (this.#partNumber === this.#maxParts) throw tooManyParts(this.#maxParts, this.#offset);

    const pieces: Uint8Array[] = [];
    let size = 0;
    for (const buffer of lane.buffers(this.#sizeAt(this.#offset))) {
      const filled = await this.#fillBuffer(buffer);
      if (filled > 0) pieces.push(buffer.subarray(0, filled));
      size += filled;
      if (filled < buffer.byteLength) break;
    }
    this.#offset += size;
    this.#partNumber += 1;
    return { partNumber: this.#partNumber, size, pieces };
  }

  /** Gives the number of bytes that came before it was full. */
  async #fillBuffer(buffer: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < buffer.byteLength && (await this.#hasMore())) {
      const chunk = this.#rest as Uint8Array;
      const taken = chunk.subarray(0, buffer.byteLength - filled);
      buffer.set(taken, filled);
      filled += taken.byteLength;
      this.#rest = taken.byteLength === chunk.byteLength ? undefined : chunk.subarray(taken.byteLength);
    }
    return filled;
  }

  async #hasMore(): Promise<boolean> {
    if (this.#rest !== undefined) return true;
    if (this.#ended) return false;
    const result = await this.#chunks.next();
    if (result.done === true) {
      this.#ended = true;
      return false;
    }
    this.#rest = result.value;
    return true;
  }
}

function tooManyParts(maxParts: number, offset: number): DriverFault {
  return new DriverFault(
    'Unsupported',
    `the body goes on after ${offset} bytes, which are all that ${maxParts} parts of unknown total can hold`,
    { hint: 'give its size, or a larger partSize' },
  );
}
