import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DriverFault, sendStream, type UploadBody } from '@storage/core/driver';

/** Bytes in memory up to this go in one piece; more as a stream, so that core sees them move on a slow line. */
export const inOnePiece: number = 1024 * 1024;

/** Sends a body of known size through a call of the SDK. */
export function sendBody<T>(
  body: UploadBody & { readonly size: number },
  signal: AbortSignal,
  send: (content: Buffer | Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (body.pieces !== undefined && body.size <= inOnePiece) return send(Buffer.concat(body.pieces), signal);
  return sendStream(body, signal, send);
}

/** MD5 of bytes in memory. */
export function md5Of(pieces: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** A body whose MD5 is taken as it passes: it cannot be announced, but what the service has made of it can be compared. */
export function hashing<B extends UploadBody>(
  body: B,
): { readonly body: B; check(stored: Uint8Array | undefined): void } {
  const hash = createHash('md5');
  async function* open(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body.open()) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return {
    body: { ...body, open },
    check: (stored) => {
      if (stored === undefined || hash.digest().equals(stored)) return;
      throw new DriverFault('ChecksumMismatch', 'the service stored other bytes than were sent', {
        retryable: 'ambiguous',
      });
    },
  };
}
