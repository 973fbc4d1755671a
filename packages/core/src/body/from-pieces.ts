import type { UploadSource } from './upload-source.ts';

/** Large pieces go in slices, so that a slow connection shows progress. */
const sliceBytes = 256 * 1024;

/** A body that is in memory. */
export function fromPieces(pieces: readonly Uint8Array[], contentType?: string): UploadSource {
  const size = sizeOf(pieces);
  return {
    size,
    contentType,
    pieces,
    replayable: true,
    open: () => slices(pieces),
    cancel: () => Promise.resolve(),
  };
}

/** Bytes of all pieces together. */
export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

/** The pieces as a stream of small slices, not copied. */
export async function* slices(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; start += sliceBytes) yield piece.subarray(start, start + sliceBytes);
  }
}
