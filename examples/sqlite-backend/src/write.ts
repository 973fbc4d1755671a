import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import {
  type CallContext,
  checkWrite,
  chunksOf,
  type PutRequest,
  type PutResponse,
  type UploadBody,
} from '@storage/core/driver';
import { chunkBytes, connect, transaction } from './database.ts';
import { commitFile, findFile, toResponse } from './file-row.ts';

/**
 * Takes the whole body into a temporary table, which is the connection's own and gone with it, and commits it in one
 * transaction. Nobody waits for a slow body, and a body that breaks off leaves nothing.
 */
export async function write(path: string, request: PutRequest, { signal }: CallContext): Promise<PutResponse> {
  signal.throwIfAborted();
  const { key, condition, attributes } = request;
  const database = connect(path);
  try {
    // A condition that is lost already needs no bytes.
    checkWrite(findFile(database, key), condition);
    const { size, checksum } = await stage(database, request.body, signal);
    const file = transaction(database, () => {
      checkWrite(findFile(database, key), condition);
      const body = randomUUID();
      database.prepare('INSERT INTO chunks SELECT ?, number, bytes FROM temp.staged').run(body);
      const { headers, metadata, token } = attributes;
      const stored = { headers, metadata, ...(token !== undefined && { token }) };
      return commitFile(database, key, { body, size, crc32: checksum, attributes: stored });
    });
    return toResponse(file);
  } finally {
    database.close();
  }
}

async function stage(
  database: DatabaseSync,
  body: UploadBody,
  signal: AbortSignal,
): Promise<{ readonly size: number; readonly checksum: string }> {
  database.exec('CREATE TEMP TABLE staged (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO temp.staged VALUES (?, ?)');
  let size = 0;
  let crc = 0;
  let number = 0;
  for await (const bytes of inChunks(chunksOf(body, signal))) {
    insert.run(number, bytes);
    number += 1;
    size += bytes.byteLength;
    crc = crc32(bytes, crc);
  }
  signal.throwIfAborted();
  return { size, checksum: crc.toString(16).padStart(8, '0') };
}

/** The same bytes in chunks of one size; one buffer holds each in turn. */
async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes);
  let filled = 0;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.byteLength; ) {
      const piece = bytes.subarray(at, at + chunkBytes - filled);
      chunk.set(piece, filled);
      filled += piece.byteLength;
      at += piece.byteLength;
      if (filled < chunkBytes) continue;
      yield chunk;
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
