import type { ChunkReader } from './chunk-reader.ts';
import type { UploadSource } from './upload-source.ts';

/** A body that can be read once. */
export interface SingleUseBody {
  readonly size?: number | undefined;
  readonly contentType: string | undefined;
  open(): ChunkReader;
  /** Frees a body that was never opened. Must not throw. */
  discard(reason: unknown): void;
}

/** The source of a body that can be read once: stopping goes to the reader, or to the body while there is none. */
export function singleUse(body: SingleUseBody): UploadSource {
  let reader: ChunkReader | undefined;
  let discarded = false;
  return {
    size: body.size,
    contentType: body.contentType,
    replayable: false,
    open() {
      if (reader !== undefined || discarded) throw new Error('a body that can be read once was opened twice');
      reader = body.open();
      return reader;
    },
    cancel(reason) {
      if (reader !== undefined) reader.stop(reason);
      else if (!discarded) body.discard(reason);
      discarded = true;
      return Promise.resolve();
    },
  };
}
