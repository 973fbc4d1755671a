/** Bytes of all pieces together. */
export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, { byteLength }) => size + byteLength, 0);
}

/** What is left of the pieces behind their first bytes. */
export function after(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const start = Math.min(skip, piece.byteLength);
    skip -= start;
    return start === piece.byteLength ? [] : [piece.subarray(start)];
  });
}
