import type { Readable } from 'node:stream';

/** The client's side of an upload failed: it went away, or sent half a form. */
export class BrokenUpload extends Error {
  override readonly name = 'BrokenUpload';
}

/**
 * The chunks of what a client sends. A backend destroys a stream that it refuses, and to destroy a request is to cut the
 * connection that the answer needs: so it gets the chunks, and the stream stays open.
 */
export async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new BrokenUpload('the upload broke off', { cause });
  }
}
