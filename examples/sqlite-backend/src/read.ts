import type { DatabaseSync } from 'node:sqlite';
import {
  type BodyStream,
  type CallContext,
  checkRead,
  type GetRequest,
  type GetResponse,
  resolveRange,
} from '@storage/core/driver';
import { chunkBytes, connect } from './database.ts';
import { getFile, toInfo } from './file-row.ts';

/** Up to this size a body comes at once, and its reader is spared a stream. */
const atOnce = 64 * 1024;

/** Reads from a connection of its own: what it sees stays as it is, however long the reader takes. */
export async function read(path: string, request: GetRequest, { signal }: CallContext): Promise<GetResponse> {
  signal.throwIfAborted();
  const snapshot = connect(path);
  let open = false;
  try {
    snapshot.exec('BEGIN');
    const file = getFile(snapshot, request.key);
    checkRead(file, request);
    const range = resolveRange(request.range, file.size);
    const chunks = chunksBetween(snapshot, file.body, range);
    const info = toInfo(file);
    if (range.end - range.start <= atOnce) return { info, range, body: Buffer.concat([...chunks]) };
    open = true;
    return { info, range, body: streamOf(snapshot, chunks, signal) };
  } finally {
    if (!open) snapshot.close();
  }
}

function* chunksBetween(
  database: DatabaseSync,
  body: string,
  { start, end }: { readonly start: number; readonly end: number },
): Generator<Uint8Array, undefined> {
  const select = database.prepare('SELECT bytes FROM chunks WHERE body = ? AND number = ?');
  for (let at = start; at < end; ) {
    const number = Math.floor(at / chunkBytes);
    const offset = number * chunkBytes;
    const { bytes } = select.get(body, number) as { bytes: Uint8Array };
    yield bytes.subarray(at - offset, end - offset);
    at = offset + chunkBytes;
  }
}

/** A body that closes its connection when it ends, is cancelled, or its call is aborted. */
function streamOf(snapshot: DatabaseSync, chunks: Iterator<Uint8Array, undefined>, signal: AbortSignal): BodyStream {
  const close = (): void => {
    signal.removeEventListener('abort', close);
    if (snapshot.isOpen) snapshot.close();
  };
  signal.addEventListener('abort', close);

  const end = async (): Promise<{ done: true; value: undefined }> => {
    close();
    return { done: true, value: undefined };
  };
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    signal.throwIfAborted();
    if (!snapshot.isOpen) return end();
    const chunk = chunks.next();
    return chunk.done === true ? end() : chunk;
  };
  return {
    [Symbol.asyncIterator]: () => ({ next, return: end }),
    cancel: () => end().then(() => undefined),
  };
}
