import type { FileHandle } from 'node:fs/promises';

/** Chunks are written together up to this: few large writes cost less than many small ones. */
const blockBytes = 1024 * 1024;

/** Writes chunks to a place in a file, one block while the next one is collected. The chunks are not copied. */
export class BlockWriter {
  readonly #file: FileHandle;
  #position: number;
  #block: Uint8Array[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, position: number) {
    this.#file = file;
    this.#position = position;
  }

  /** Resolves when more may be given. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#block.push(chunk);
    this.#size += chunk.byteLength;
    if (this.#size >= blockBytes) await this.#flush();
  }

  /** Resolves when all is written. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const [block, size, position] = [this.#block, this.#size, this.#position];
    this.#block = [];
    this.#size = 0;
    this.#position += size;
    this.#writing = writeFully(this.#file, block, position);
    // Whoever awaits it next reports it.
    this.#writing.catch(() => undefined);
  }
}

async function writeFully(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  let rest = pieces;
  let place = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, place);
    place += bytesWritten;
    rest = behind(rest, bytesWritten);
  }
}

/** What is left of the pieces after their first `count` bytes. */
function behind(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let done = count;
  for (const [index, piece] of pieces.entries()) {
    if (piece.byteLength > done) return [piece.subarray(done), ...pieces.slice(index + 1)];
    done -= piece.byteLength;
  }
  return [];
}
