import type { ObjectAttributes, PutRequest, PutResponse } from '@storage/core/driver';
import { quickBytes } from '../disk/calls.ts';
import { sizeOf } from '../disk/pieces.ts';
import { run } from '../disk/run.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import { place, type Store } from '../store.ts';
import { commit } from './commit.ts';
import { checkWrite } from './conditions.ts';
import { seeCurrent } from './open.ts';
import { type Content, checksumOf, type FileRecord } from './record.ts';
import { stagePieces, stageStream } from './stage.ts';
import { etagOf, lastModifiedOf } from './stamp.ts';

/** Stages the body, then commits it. */
export async function put(store: Store, request: PutRequest, signal: AbortSignal): Promise<PutResponse> {
  const where = place(store, request.key);
  const { pieces } = request.body;
  if (pieces !== undefined && sizeOf(pieces) <= quickBytes) {
    return respondTo(store, await run(store.pace, putPieces(store, where, request, pieces, signal)));
  }
  // A body that is refused anyway need not be written.
  await run(store.pace, checkEarly(store, where, request, signal));
  if (pieces !== undefined)
    return respondTo(store, await run(store.pace, putPieces(store, where, request, pieces, signal)));

  const staged = await stageStream(store, request.body, signal);
  const { condition } = request;
  const change = { staged, condition, content: contentOf(request.attributes) };
  return respondTo(store, await run(store.pace, commit(store, where, change, signal)));
}

export function contentOf({ headers, metadata, tags, token }: ObjectAttributes): Content {
  return {
    headers,
    metadata,
    ...(tags !== undefined && { tags }),
    ...(token !== undefined && { token }),
  };
}

/** What the writer of a revision is told. */
export function respondTo(store: Store, record: FileRecord): PutResponse {
  const checksum = checksumOf(record);
  return {
    size: record.size,
    etag: etagOf(record),
    lastModified: lastModifiedOf(record),
    ...(store.settings.versions !== undefined && { versionId: record.revision }),
    ...(checksum !== undefined && { checksum }),
  };
}

function* putPieces(
  store: Store,
  where: Place,
  { attributes, condition }: PutRequest,
  pieces: readonly Uint8Array[],
  signal: AbortSignal,
): Task<FileRecord> {
  const staged = yield* stagePieces(store, pieces, signal);
  return yield* commit(store, where, { staged, condition, content: contentOf(attributes) }, signal);
}

function* checkEarly(store: Store, where: Place, { condition }: PutRequest, signal: AbortSignal): Task<void> {
  const { ifAbsent, ifMatch, ifNoneMatch } = condition;
  if (ifAbsent === undefined && ifMatch === undefined && ifNoneMatch === undefined) return;
  checkWrite(yield* seeCurrent(store, where, signal), condition);
}
