import type { Readable } from 'node:stream';
import type { BlobRequestConditions } from '@azure/storage-blob';
import {
  bytesOf,
  type CallContext,
  DriverFault,
  type DriverRange,
  defined,
  type GetRequest,
  type GetResponse,
  type HeadRequest,
  named,
  type ObjectInfo,
} from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { statusOf } from './errors.ts';
import { present, toObjectInfo } from './object-info.ts';
import type { DownloadAnswer, Verbs } from './verbs.ts';

/** A body up to this is there when `get` resolves: a stream around it would cost more than it. */
const inMemory = 64 * 1024;

/** Info of an object. */
export async function head({ verbs }: Wire, request: HeadRequest, { signal }: CallContext): Promise<ObjectInfo> {
  try {
    const answer = await verbs.getProperties(request, conditionsOf(request), signal);
    return toObjectInfo(request.key, present(answer.contentLength, 'Content-Length'), answer.contentMD5, answer);
  } catch (error) {
    await assertThere(verbs, request, error, signal);
    throw error;
  }
}

/** The object or a part of it, as soon as its headers are here. */
export async function get(wire: Wire, request: GetRequest, context: CallContext): Promise<GetResponse> {
  const { range } = request;
  if (range !== undefined && 'suffix' in range) return getSuffix(wire, request, range.suffix, context);
  try {
    return await download(wire, request, range, context);
  } catch (error) {
    await assertThere(wire.verbs, request, error, context.signal);
    throw error;
  }
}

/** A condition on what is not there fails with 412 before the service looks: then rejects with its 404. */
async function assertThere(verbs: Verbs, request: GetRequest, error: unknown, signal: AbortSignal): Promise<void> {
  const conditional = request.ifMatch !== undefined || request.ifUnmodifiedSince !== undefined;
  if (conditional && statusOf(error) === 412) await verbs.getProperties(request, {}, signal);
}

/** The service knows no suffixes: asks for the size, then for the range of that very revision. */
async function getSuffix(wire: Wire, request: GetRequest, suffix: number, context: CallContext): Promise<GetResponse> {
  const { size, etag } = await head(wire, request, context);
  try {
    const pinned = { ...request, ifMatch: etag };
    return await download(wire, pinned, { start: Math.max(0, size - suffix) }, context);
  } catch (error) {
    // Replaced in between: nothing that the caller asked for has failed.
    throw statusOf(error) === 412 && request.ifMatch === undefined ? named(error, 'Conflict', 'safe') : error;
  }
}

async function download(
  { verbs }: Wire,
  request: GetRequest,
  range: Exclude<DriverRange, { suffix: number }> | undefined,
  { signal, progressed }: CallContext,
): Promise<GetResponse> {
  const answer = await verbs.download(request, { range, conditions: conditionsOf(request) }, signal);
  const { body } = answer;
  try {
    const extent = extentOf(answer);
    // Azurite answers 206 with `bytes 10-9/10` where the service answers 416.
    if (range !== undefined && extent.end <= extent.start)
      throw new DriverFault('InvalidRange', 'it starts at the end');
    // `contentMD5` is of the bytes that follow; of a part, the whole object's has a header of its own.
    const md5 = answer.contentRange === undefined ? answer.contentMD5 : answer.blobContentMD5;
    const isSmall = extent.end - extent.start <= inMemory;
    return {
      info: toObjectInfo(request.key, extent.size, md5, answer),
      range: { start: extent.start, end: extent.end },
      body: isSmall ? await wholeOf(verbs, body, progressed) : verbs.toStream(body),
    };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

async function wholeOf(verbs: Verbs, body: Readable, progressed: (() => void) | undefined): Promise<Uint8Array> {
  try {
    return await bytesOf(body, progressed);
  } catch (error) {
    throw verbs.named(error);
  }
}

function conditionsOf(request: GetRequest): BlobRequestConditions {
  return defined({
    ifMatch: request.ifMatch,
    ifNoneMatch: request.ifNoneMatch,
    ifModifiedSince: request.ifModifiedSince,
    ifUnmodifiedSince: request.ifUnmodifiedSince,
  });
}

/** Which bytes follow, and the size of the whole object. */
function extentOf(answer: DownloadAnswer): { start: number; end: number; size: number } {
  if (answer.contentRange === undefined) {
    const size = present(answer.contentLength, 'Content-Length');
    return { start: 0, end: size, size };
  }
  // Of an empty object Azurite says `bytes 0--1/0` where the service answers 416.
  const [, first, last, size] = /^bytes (\d+)-(-1|\d+)\/(\d+)$/.exec(answer.contentRange) ?? [];
  if (size === undefined) throw new DriverFault('Unknown', `the service answered Content-Range ${answer.contentRange}`);
  return { start: Number(first), end: Number(last) + 1, size: Number(size) };
}
