/** A chunk of a body: bytes, or text that is encoded as UTF-8. */
export type BodyChunk = Uint8Array | string;

/**
 * What `save` takes: text, bytes, a Blob or File, a web or Node stream, an iterable of chunks, a `Response` or
 * `Request`, or a function that opens the body anew, which makes a stream replayable.
 */
export type BodyInput = BodySource | (() => BodySource | Promise<BodySource>);

/** A body as such, not the function that opens one. */
export type BodySource =
  | string
  | Uint8Array
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<BodyChunk>
  | Iterable<BodyChunk>
  | { readonly body: ReadableStream<Uint8Array> | null; readonly headers: { get(name: string): string | null } };
