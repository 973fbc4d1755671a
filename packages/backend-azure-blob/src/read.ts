import { Readable } from 'node:stream';
import type { BlobClient, BlobDownloadResponseParsed, BlobRequestConditions } from '@azure/storage-blob';
import {
  type BodyStream,
  type CallContext,
  DriverFault,
  type DriverRange,
  defined,
  fromNodeStream,
  type GetRequest,
  type GetResponse,
  type HeadRequest,
  named,
  type ObjectInfo,
} from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
import { statusOf } from './errors.ts';
import { present, toObjectInfo } from './object-info.ts';

/** Info of an object. */
export async function head(connection: Connection, request: HeadRequest, { signal }: CallContext): Promise<ObjectInfo> {
  const blob = blobOf(connection, request.key, request.versionId);
  try {
    const answer = await blob.getProperties({ abortSignal: signal, conditions: conditionsOf(request) });
    return toObjectInfo(request.key, present(answer.contentLength, 'Content-Length'), answer.contentMD5, answer);
  } catch (error) {
    await assertThere(blob, request, error, signal);
    throw error;
  }
}

/** The object or a part of it, as soon as its headers are here. */
export async function get(connection: Connection, request: GetRequest, context: CallContext): Promise<GetResponse> {
  const { range } = request;
  if (range !== undefined && 'suffix' in range) return getSuffix(connection, request, range.suffix, context);
  try {
    return await download(connection, request, range, context);
  } catch (error) {
    await assertThere(blobOf(connection, request.key, request.versionId), request, error, context.signal);
    throw error;
  }
}

/** A condition on what is not there fails with 412 before the service looks: then rejects with its 404. */
async function assertThere(blob: BlobClient, request: GetRequest, error: unknown, signal: AbortSignal): Promise<void> {
  const conditional = request.ifMatch !== undefined || request.ifUnmodifiedSince !== undefined;
  if (conditional && statusOf(error) === 412) await blob.getProperties({ abortSignal: signal });
}

/** The service knows no suffixes: asks for the size, then for the range of that very revision. */
async function getSuffix(
  connection: Connection,
  request: GetRequest,
  suffix: number,
  context: CallContext,
): Promise<GetResponse> {
  const { size, etag } = await head(connection, request, context);
  try {
    const pinned = { ...request, ifMatch: etag };
    return await download(connection, pinned, { start: Math.max(0, size - suffix) }, context);
  } catch (error) {
    // Replaced in between: nothing that the caller asked for has failed.
    throw statusOf(error) === 412 && request.ifMatch === undefined ? named(error, 'Conflict', 'safe') : error;
  }
}

async function download(
  connection: Connection,
  request: GetRequest,
  range: Exclude<DriverRange, { suffix: number }> | undefined,
  { signal }: CallContext,
): Promise<GetResponse> {
  const { start = 0, end } = range ?? {};
  const count = end === undefined ? undefined : end - start;
  const answer = await blobOf(connection, request.key, request.versionId).download(start, count, {
    abortSignal: signal,
    conditions: conditionsOf(request),
    // Core resumes what was cut.
    maxRetryRequests: 0,
  });
  const stream = nodeStreamOf(answer);
  try {
    const extent = extentOf(answer);
    // Azurite answers 206 with `bytes 10-9/10` where the service answers 416.
    if (range !== undefined && extent.end <= extent.start)
      throw new DriverFault('InvalidRange', 'it starts at the end');
    // `contentMD5` is of the bytes that follow; of a part, the whole object's has a header of its own.
    const md5 = answer.contentRange === undefined ? answer.contentMD5 : answer.blobContentMD5;
    return {
      info: toObjectInfo(request.key, extent.size, md5, answer),
      range: { start: extent.start, end: extent.end },
      body: extent.size === 0 ? emptied(stream) : namingCuts(fromNodeStream(stream)),
    };
  } catch (error) {
    stream.destroy();
    throw error;
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
function extentOf(answer: BlobDownloadResponseParsed): { start: number; end: number; size: number } {
  if (answer.contentRange === undefined) {
    const size = present(answer.contentLength, 'Content-Length');
    return { start: 0, end: size, size };
  }
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.contentRange) ?? [];
  if (size === undefined) throw new DriverFault('Unknown', `the service answered Content-Range ${answer.contentRange}`);
  return { start: Number(first), end: Number(last) + 1, size: Number(size) };
}

function nodeStreamOf(answer: BlobDownloadResponseParsed): Readable {
  if (answer.readableStreamBody instanceof Readable) return answer.readableStreamBody;
  throw new DriverFault('Unknown', 'the SDK gave no Node stream');
}

/** No bytes, and the connection given back at once. */
function emptied(stream: Readable): Uint8Array {
  stream.resume();
  return new Uint8Array();
}

/** Whatever ends a body early is a cut connection; the SDK calls it an abort, or gives it no code at all. */
function namingCuts(body: BodyStream): BodyStream {
  return {
    cancel: () => body.cancel(),
    async *[Symbol.asyncIterator]() {
      try {
        yield* body;
      } catch (error) {
        throw named(error, 'Unavailable', 'safe');
      }
    },
  };
}
