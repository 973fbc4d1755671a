import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthWithTrailer, withTrailer } from '../src/direct/trailer.ts';

async function* cutAt(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of [...sizes, bytes.byteLength]) {
    const piece = bytes.subarray(from, from + size);
    if (piece.byteLength > 0) yield piece;
    from += size;
  }
}

/** What a service makes of it. */
function decode(sent: Buffer): { body: Buffer; trailer: string; chunks: number[] } {
  const pieces: Buffer[] = [];
  const chunks: number[] = [];
  let at = 0;
  for (;;) {
    const line = sent.indexOf('\r\n', at);
    const size = Number.parseInt(sent.toString('latin1', at, line), 16);
    at = line + 2;
    if (size === 0) break;
    pieces.push(sent.subarray(at, at + size));
    chunks.push(size);
    expect(sent.toString('latin1', at + size, at + size + 2)).toBe('\r\n');
    at += size + 2;
  }
  return { body: Buffer.concat(pieces), trailer: sent.toString('latin1', at), chunks };
}

test('a body of any size, in any pieces, is as long as was announced, and arrives whole', async () => {
  const size = fc.oneof(fc.constantFrom(0, 1, 65_535, 65_536, 65_537, 131_072), fc.integer({ min: 0, max: 300_000 }));
  await fc.assert(
    fc.asyncProperty(size, fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 8 }), async (length, sizes) => {
      const bytes = Buffer.alloc(length, 'storage');
      const parts: Uint8Array[] = [];
      for await (const part of withTrailer(cutAt(bytes, sizes), length)) parts.push(part);
      const sent = Buffer.concat(parts);
      expect(sent.byteLength).toBe(lengthWithTrailer(length));
      const { body, trailer, chunks } = decode(sent);
      expect(body.equals(bytes)).toBe(true);
      expect(trailer).toMatch(/^x-amz-checksum-crc32:[A-Za-z0-9+/]{6}==\r\n\r\n$/);
      // Services refuse small chunks, but for the last.
      expect(chunks.slice(0, -1).every((chunk) => chunk === 65_536)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
