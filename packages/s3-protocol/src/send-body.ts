import { Readable } from 'node:stream';
import type { PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { sendStream, type UploadBody } from '@storage/core/driver';
import { sha256 } from './checksums.ts';
import type { Connection } from './connection.ts';
import { signWith } from './middleware.ts';

/** Bytes in memory up to this go in one piece; more as a stream, so that core sees them move on a slow line. */
export const inOnePiece: number = 1024 * 1024;

/** A command with a body. */
type BodyCommand = PutObjectCommand | UploadPartCommand;

/** Sends the command that `make` makes of a body; the body's own failure is what the call rejects with. */
export function sendBody<C extends BodyCommand, T>(
  connection: Connection,
  body: UploadBody,
  signal: AbortSignal,
  make: (body: Buffer | Readable) => C,
  send: (command: C, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { pieces, size = 0 } = body;
  if (pieces !== undefined && size <= inOnePiece) return send(make(Buffer.concat(pieces)), signal);
  return sendStream(body, signal, (stream, abortSignal) => {
    const command = make(stream);
    // TLS keeps the bytes as they are; without it they are signed where they are known before they are sent.
    if (pieces !== undefined && !connection.isTls) signWith(command, sha256(pieces));
    return send(command, abortSignal);
  });
}
