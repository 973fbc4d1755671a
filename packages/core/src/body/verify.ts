import { assertChecksum, createDigest, type Digest } from '../checksum.ts';
import { untilAborted } from '../driver-kit/until-aborted.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { Checksum } from '../file-info.ts';
import { bodyFailure } from './body-failure.ts';
import { sizeOf } from './from-pieces.ts';

/** What a body was declared to be. */
export interface BodyClaims {
  readonly size: number | undefined;
  readonly maxSize: number | undefined;
  readonly checksum: Checksum | undefined;
}

/** Throws `LengthMismatch` for a size that the claims rule out. */
export function assertSizeAllowed(size: number, { size: declared, maxSize }: BodyClaims): void {
  if (maxSize !== undefined && size > maxSize) throw tooLarge(maxSize);
  if (declared !== undefined && size !== declared) throw wrongLength(declared, `has ${size}`);
}

/** Throws `LengthMismatch` or `ChecksumMismatch` unless bytes that are in memory are what was declared. */
export function verifyPieces(pieces: readonly Uint8Array[], claims: BodyClaims): void {
  assertSizeAllowed(sizeOf(pieces), claims);
  if (claims.checksum === undefined) return;
  const digest = createDigest(claims.checksum.algorithm);
  for (const piece of pieces) digest.update(piece);
  assertChecksum(claims.checksum, digest.hex(), 'declared');
}

/** Who watches a body go by. */
export interface BodyWatcher {
  readonly signal: AbortSignal;
  /** The caller's own source is asked for bytes, or has answered. */
  waiting?(isWaiting: boolean): void;
  /** Bytes so far. */
  passed?(total: number): void;
}

/**
 * The chunks of the caller's source, checked as they pass. Throws `LengthMismatch` and `ChecksumMismatch` as soon as
 * they show, the source's own failure as `bodyFailure`, and the signal's reason when it aborts while the source hangs.
 */
export class VerifiedBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #claims: BodyClaims;
  readonly #watcher: BodyWatcher;
  readonly #digest: Digest | undefined;
  #total = 0;
  #ended = false;
  #failure: DriverFault | undefined;

  constructor(source: AsyncIterable<Uint8Array>, claims: BodyClaims, watcher: BodyWatcher) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#claims = claims;
    this.#watcher = watcher;
    this.#digest = claims.checksum === undefined ? undefined : createDigest(claims.checksum.algorithm);
  }

  /** What was wrong with the body: a driver may report it in other words. */
  get failure(): DriverFault | undefined {
    return this.#failure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) return { done: true, value: undefined };
    const chunk = await this.#take();
    if (chunk === undefined) return { done: true, value: undefined };
    // A service commits as soon as it has the bytes that were announced: what is behind them is looked at first. No
    // chunk is empty, so what comes is the end or the error of a body that is too long.
    if (this.#total === this.#claims.size) await this.#take();
    this.#watcher.passed?.(this.#total);
    return { done: false, value: chunk };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#stop();
    return { done: true, value: undefined };
  }

  /** The next chunk, checked; undefined at an end that is as declared. */
  async #take(): Promise<Uint8Array | undefined> {
    const result = await this.#pull();
    try {
      if (result.done !== true) return this.#pass(result.value);
      this.#end();
      return undefined;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #pull(): Promise<IteratorResult<Uint8Array, unknown>> {
    const { signal } = this.#watcher;
    this.#watcher.waiting?.(true);
    try {
      return await untilAborted(this.#chunks.next(), signal);
    } catch (error) {
      if (!signal.aborted) throw this.#fail(error);
      this.#stop();
      throw signal.reason as Error;
    } finally {
      this.#watcher.waiting?.(false);
    }
  }

  #pass(chunk: Uint8Array): Uint8Array {
    const total = this.#total + chunk.byteLength;
    const { size, maxSize } = this.#claims;
    if (maxSize !== undefined && total > maxSize) throw tooLarge(maxSize);
    if (size !== undefined && total > size) throw wrongLength(size, 'has more');
    this.#digest?.update(chunk);
    this.#total = total;
    return chunk;
  }

  #end(): void {
    this.#ended = true;
    const { size, checksum } = this.#claims;
    if (size !== undefined && this.#total < size) throw wrongLength(size, `ended after ${this.#total}`);
    if (checksum !== undefined && this.#digest !== undefined) {
      assertChecksum(checksum, this.#digest.hex(), 'declared');
    }
  }

  #fail(error: unknown): DriverFault {
    this.#failure ??= bodyFailure(error);
    this.#stop();
    return this.#failure;
  }

  /** Not awaited: a source that hangs in `next` hangs in `return` as well. */
  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#chunks.return?.().catch(() => undefined);
  }
}

function tooLarge(maxSize: number): DriverFault {
  return new DriverFault('LengthMismatch', `the body has more than the ${maxSize} bytes that maxSize allows`);
}

function wrongLength(declared: number, found: string): DriverFault {
  return new DriverFault('LengthMismatch', `the body ${found} bytes; ${declared} were declared`);
}
