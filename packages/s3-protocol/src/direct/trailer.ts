import { crc32 } from 'node:zlib';

/** As the SDK sends them; services refuse less than 8 KiB. */
const chunkBytes = 64 * 1024;

const lineEnd = Buffer.from('\r\n');
const trailerName = 'x-amz-checksum-crc32';

/** What the headers say of a body that its checksum follows. */
export function trailerHeaders(size: number, contentEncoding: string | undefined): Record<string, string> {
  return {
    'content-encoding': contentEncoding === undefined ? 'aws-chunked' : `${contentEncoding},aws-chunked`,
    'x-amz-decoded-content-length': String(size),
    'x-amz-trailer': trailerName,
  };
}

export const trailerPayload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** Bytes that `withTrailer` makes of so many. */
export function lengthWithTrailer(size: number): number {
  const whole = Math.floor(size / chunkBytes);
  const rest = size % chunkBytes;
  const framed = (length: number): number => headOf(length).byteLength + length + 2;
  return whole * framed(chunkBytes) + (rest > 0 ? framed(rest) : 0) + '0\r\n'.length + trailerName.length + 1 + 8 + 4;
}

/**
 * A body of exactly `size` bytes in chunks, and its CRC-32 behind it: `aws-chunked`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* withTrailer(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  let inChunk = 0;
  let sum = 0;
  for await (const bytes of body) {
    sum = crc32(bytes, sum);
    for (let from = 0; from < bytes.byteLength; ) {
      if (inChunk === 0) {
        inChunk = Math.min(chunkBytes, left);
        yield headOf(inChunk);
      }
      const piece = bytes.subarray(from, from + inChunk);
      yield piece;
      from += piece.byteLength;
      left -= piece.byteLength;
      inChunk -= piece.byteLength;
      if (inChunk === 0) yield lineEnd;
    }
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(sum);
  yield Buffer.from(`0\r\n${trailerName}:${checksum.toString('base64')}\r\n\r\n`);
}

function headOf(length: number): Buffer {
  return Buffer.from(`${length.toString(16)}\r\n`);
}
