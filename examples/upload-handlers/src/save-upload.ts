import { randomUUID } from 'node:crypto';
import type { BodyInput, SaveResult, StorageBackend } from '@storage/core';

/** A file as a client sent it. */
export interface Upload {
  readonly name: string | undefined;
  readonly contentType: string | undefined;
  readonly body: BodyInput;
}

/** What a client is told of its file. */
export type Stored = Pick<SaveResult, 'key' | 'size' | 'contentType' | 'etag'>;

/**
 * Streams an upload into the backend. The client chooses no key, so it can neither overwrite nor guess one; its name
 * for the file is kept as metadata. A body over `maxSize`, or one that breaks off, rejects and stores nothing.
 */
export async function saveUpload(backend: StorageBackend, upload: Upload, maxSize: number): Promise<Stored> {
  const { key, size, contentType, etag } = await backend.save(`uploads/${randomUUID()}`, upload.body, {
    contentType: upload.contentType,
    metadata: upload.name === undefined ? {} : { fileName: upload.name },
    ifAbsent: true,
    maxSize,
  });
  return { key, size, contentType, etag };
}
