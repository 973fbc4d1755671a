import { fromWebStream } from './from-web-stream.ts';
import type { UploadSource } from './upload-source.ts';

/** A Blob or File, of this realm or another. */
export function isBlob(value: object): value is Blob {
  const blob = value as Partial<Blob>;
  return typeof blob.stream === 'function' && typeof blob.arrayBuffer === 'function' && typeof blob.size === 'number';
}

/** A Blob: read anew by each attempt, and in slices by uploads in parts. */
export function fromBlob(blob: Blob): UploadSource {
  return {
    size: blob.size,
    contentType: blob.type === '' ? undefined : blob.type,
    replayable: true,
    open: () => fromWebStream(blob.stream(), undefined).open(),
    async readAt(target, position) {
      const slice = blob.slice(position, position + target.byteLength);
      target.set(new Uint8Array(await slice.arrayBuffer()));
    },
    cancel: () => Promise.resolve(),
  };
}
