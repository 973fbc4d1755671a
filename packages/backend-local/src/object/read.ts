import {
  DriverFault,
  type DriverRange,
  type ExistsRequest,
  type GetRequest,
  type GetResponse,
  type HeadRequest,
  type ObjectInfo,
} from '@storage/core/driver';
import { close, read } from '../disk/calls.ts';
import { hasFolders, isSpelledSo } from '../disk/folders.ts';
import { checkBase } from '../disk/layout.ts';
import { notFound } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import { place, type Store } from '../store.ts';
import { openVersion, seeVersion } from '../versions/find.ts';
import { fileBody } from './body.ts';
import { checkRead } from './conditions.ts';
import { lookForFile } from './look.ts';
import { type Opened, openCurrent, seeCurrent } from './open.ts';
import { infoOf } from './record.ts';

/** So many bytes are read at once and given as they are. */
const bufferedBytes = 64 * 1024;

export function* head(store: Store, request: HeadRequest, signal: AbortSignal): Task<ObjectInfo> {
  const { key, versionId } = request;
  const where = place(store, key);
  const record =
    versionId === undefined
      ? yield* seeCurrent(store, where, signal)
      : yield* seeVersion(store, where, versionId, signal);
  if (record === undefined) return yield* missing(store, versionId);
  checkRead(record, request);
  return infoOf(key, record, store.settings.versions !== undefined);
}

/** Whether a key has an object: what its record says does not matter for that. */
export function* exists(store: Store, { key }: ExistsRequest): Task<boolean> {
  const { data } = place(store, key);
  const isThere = (yield* hasFolders(store, data)) && (yield* lookForFile(data.path)) !== undefined;
  if (isThere && (yield* isSpelledSo(store, data.path))) return true;
  yield* checkBase(store);
  return false;
}

export function* get(store: Store, request: GetRequest, signal: AbortSignal): Task<GetResponse> {
  const { key, versionId } = request;
  const where = place(store, key);
  const opened =
    versionId === undefined
      ? yield* openCurrent(store, where, signal)
      : yield* openVersion(store, where, versionId, signal);
  if (opened === undefined) return yield* missing(store, versionId);
  return yield* respond(store, request, opened);
}

/** Rejects: the store is missing, or the object. */
export function* missing(store: Store, versionId?: string): Task<never> {
  yield* checkBase(store);
  throw notFound(versionId === undefined ? 'object' : 'version');
}

function* respond(store: Store, request: GetRequest, { fd, record }: Opened): Task<GetResponse> {
  let isHandedOver = false;
  try {
    checkRead(record, request);
    const range = resolveRange(request.range, record.size);
    const info = infoOf(request.key, record, store.settings.versions !== undefined);
    if (range.end - range.start <= bufferedBytes) {
      return { info, range, body: yield* readAll(fd, range.start, range.end) };
    }
    isHandedOver = true;
    return { info, range, body: fileBody(fd, range.start, range.end) };
  } finally {
    if (!isHandedOver) yield* close(fd);
  }
}

function* readAll(fd: number, start: number, end: number): Task<Uint8Array> {
  // Not from the shared pool: the bytes belong to the reader, and so must the memory behind them.
  const bytes = Buffer.allocUnsafeSlow(end - start);
  for (let filled = 0; filled < bytes.byteLength; ) {
    const size = yield* read(fd, bytes.subarray(filled), start + filled);
    if (size === 0) throw new DriverFault('Corrupted', 'the file is shorter than it was a moment ago');
    filled += size;
  }
  return bytes;
}

function resolveRange(range: DriverRange | undefined, size: number): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: size };
  if ('suffix' in range) return { start: Math.max(0, size - range.suffix), end: size };
  if (range.start >= size) {
    throw new DriverFault(
      'InvalidRange',
      `the range starts at ${String(range.start)}, the object has ${String(size)} bytes`,
    );
  }
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}
