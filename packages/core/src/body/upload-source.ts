/** The body of a write, whatever it came as. */
export interface UploadSource {
  /** Exact number of bytes, where the body itself knows it. */
  readonly size: number | undefined;
  /** A Blob's own type, a `Response`'s content-type header. */
  readonly contentType: string | undefined;
  /** All bytes, when they are in memory. Not copied: they are the caller's. */
  readonly pieces?: readonly Uint8Array[];
  /** Whether `open` may be called again. */
  readonly replayable: boolean;
  /**
   * The bytes: no chunk is empty. Reading stops the source when it ends early; a failure of the source is thrown as it
   * is. A source that reads into memory puts a chunk where `target` says, if that is given.
   */
  open(target?: () => Uint8Array): AsyncIterable<Uint8Array>;
  /** Reads exactly `target.length` bytes at `position`; only where parts can be read out of order. */
  readAt?(target: Uint8Array, position: number): Promise<void>;
  /** Frees what the source holds, opened or not. Resolves when that was asked for; never rejects. */
  cancel(reason: unknown): Promise<void>;
}
