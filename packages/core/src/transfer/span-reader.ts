import type { FileBody } from './file-body.ts';

/** Reads a body in pieces of the reader's choice. */
export class SpanReader {
  readonly #body: FileBody;
  #rest: Uint8Array | undefined;

  constructor(body: FileBody) {
    this.#body = body;
  }

  /** The next bytes, at most `most`, perhaps in `target`; undefined at the end. */
  async take(most: number, target: Uint8Array): Promise<Uint8Array | undefined> {
    const chunk = this.#rest ?? (await this.#body.next(target.subarray(0, most))).value;
    this.#rest = undefined;
    if (chunk === undefined || chunk.byteLength <= most) return chunk;
    this.#rest = chunk.subarray(most);
    return chunk.subarray(0, most);
  }
}
