import type { UploadBody } from '../driver.ts';
import { chunksOf } from './chunks-of.ts';

/** One new array with the bytes of all pieces. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

/** The bytes of all pieces in one array, which is the piece itself where there is one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : concat(pieces);
}

/**
 * All bytes of an upload in one new array that nobody else holds.
 * Rejects with the error of the body, or with the signal's reason as soon as it aborts; then the source is told to stop.
 *
 * @example
 * const bytes = await collect(request.body, context.signal);
 */
export async function collect(body: UploadBody, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  signal.throwIfAborted();
  if (body.pieces !== undefined) return concat(body.pieces);

  const pieces: Uint8Array[] = [];
  // Copied: a source may fill the same buffer again for its next chunk.
  for await (const chunk of chunksOf(body, signal)) pieces.push(new Uint8Array(chunk));
  return concat(pieces);
}
