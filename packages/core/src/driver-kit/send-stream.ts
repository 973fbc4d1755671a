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

/**
 * The chunks of a body, the last one only once the body has ended well: a service commits as soon as it has all the
 * bytes that were announced, and a body may still turn out to be wrong behind them.
 */
async function* endingRequest(body: AsyncIterable<Uint8Array>, failure: AbortController): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of body) {
      if (chunk.byteLength === 0) continue;
      if (held !== undefined) yield held;
      held = chunk;
    }
  } catch (error) {
    failure.abort(error);
    throw error;
  }
  if (held !== undefined) yield held;
}
