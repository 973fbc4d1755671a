import { Readable } from 'node:stream';
import type { UploadBody } from '../driver.ts';

/**
 * Sends a body through an SDK that takes a Node stream. When the body fails, the request is ended and the call rejects
 * with the error of the body; when the request is refused before it has read everything, the body is told to stop.
 *
 * @example
 * await sendStream(request.body, context.signal, (stream, abortSignal) =>
 *   client.send(new PutObjectCommand({ ...input, Body: stream }), { abortSignal }),
 * );
 */
export async function sendStream<T>(
  body: UploadBody,
  signal: AbortSignal,
  send: (stream: Readable, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const failure = new AbortController();
  const stream = Readable.from(endingRequest(body.open(), failure), { objectMode: false });
  // It is reported by `failure`; an SDK that has stopped listening must not end the process.
  stream.on('error', () => undefined);
  try {
    return await send(stream, AbortSignal.any([signal, failure.signal]));
  } catch (error) {
    throw failure.signal.aborted ? failure.signal.reason : error;
  } finally {
    stream.destroy();
  }
}

async function* endingRequest(body: AsyncIterable<Uint8Array>, failure: AbortController): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    failure.abort(error);
    throw error;
  }
}
