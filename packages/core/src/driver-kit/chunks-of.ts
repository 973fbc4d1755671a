import type { UploadBody } from '../driver.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * The bytes of an upload as they come. Throws the error of the body, or the signal's reason as soon as it aborts, even
 * while the source hangs; then, and when the reader stops, the source is told to stop. A chunk is valid until the next
 * one is asked for: a source may fill the same buffer again. `target` is that of `UploadBody.open`.
 *
 * @example
 * for await (const chunk of chunksOf(request.body, context.signal)) await file.write(chunk);
 */
export async function* chunksOf(
  body: UploadBody,
  signal: AbortSignal,
  target?: () => Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted();
  if (body.pieces !== undefined) return yield* body.pieces;

  const source = body.open(target)[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await untilAborted(source.next(), signal);
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs in `next` would hang in `return` as well, and an error says already what went wrong.
    if (!ended) source.return?.().catch(() => undefined);
  }
}
