import type { Call } from '../call.ts';
import { assertChecksum, createDigest } from '../checksum.ts';
import type { Checksum } from '../file-info.ts';
import type { FileBody } from './file-body.ts';
import type { ProgressMeter } from './progress-meter.ts';

/** A body that is in memory: no connection, no stream. Its checksum is verified when it is read. */
export class BufferedBody implements FileBody {
  readonly length: number;
  readonly holdsConnection = false;
  readonly #call: Call;
  readonly #checksum: Checksum | undefined;
  readonly #progress: ProgressMeter;
  #bytes: Uint8Array | undefined;

  constructor(call: Call, bytes: Uint8Array, checksum: Checksum | undefined, progress: ProgressMeter) {
    this.length = bytes.byteLength;
    this.#call = call;
    this.#bytes = bytes;
    this.#checksum = checksum;
    this.#progress = progress;
  }

  take(): Uint8Array {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    if (bytes === undefined) return new Uint8Array(0);
    this.#verify(bytes);
    this.#progress.report(bytes.byteLength);
    return bytes;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#bytes === undefined) return { done: true, value: undefined };
    const value = this.take();
    return value.byteLength === 0 ? { done: true, value: undefined } : { done: false, value };
  }

  async cancel(): Promise<void> {
    this.#bytes = undefined;
  }

  #verify(bytes: Uint8Array): void {
    if (this.#checksum === undefined) return;
    const digest = createDigest(this.#checksum.algorithm);
    digest.update(bytes);
    try {
      assertChecksum(this.#checksum, digest.hex(), 'stored');
    } catch (error) {
      throw this.#call.wrap(error);
    }
  }
}
