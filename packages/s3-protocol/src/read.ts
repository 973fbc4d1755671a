import { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import {
  type CallContext,
  DriverFault,
  type DriverRange,
  fromNodeStream,
  type GetRequest,
  type GetResponse,
  type HeadRequest,
  named,
  type ObjectInfo,
} from '@storage/core/driver';
import { bucketIsThere } from './bucket.ts';
import type { Connection } from './connection.ts';
import { clockIsCorrected, codeOf, isExplained, statusOf } from './errors.ts';
import { present, toObjectInfo } from './object-info.ts';

/** Info of an object. */
export async function head(connection: Connection, request: HeadRequest, context: CallContext): Promise<ObjectInfo> {
  const command = new connection.sdk.HeadObjectCommand({
    ...target(connection, request),
    IfMatch: request.ifMatch,
    IfNoneMatch: request.ifNoneMatch,
  });
  try {
    const answer = await connection.client.send(command, { abortSignal: context.signal });
    return toObjectInfo(connection, request.key, present(answer.ContentLength, 'Content-Length'), answer);
  } catch (error) {
    throw await explained(connection, request, context, error);
  }
}

/** The object or a part of it, as soon as its headers are here. */
export async function get(connection: Connection, request: GetRequest, context: CallContext): Promise<GetResponse> {
  const command = new connection.sdk.GetObjectCommand({
    ...target(connection, request),
    Range: request.range === undefined ? undefined : toHeader(request.range),
    IfMatch: request.ifMatch,
    IfNoneMatch: request.ifNoneMatch,
    IfModifiedSince: request.ifModifiedSince,
    IfUnmodifiedSince: request.ifUnmodifiedSince,
  });
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  const body = nodeStreamOf(answer);
  try {
    const { start, end, size } = extentOf(answer);
    const info = toObjectInfo(connection, request.key, size, answer);
    if (size === 0) body.resume();
    return { info, range: { start, end }, body: size === 0 ? new Uint8Array() : fromNodeStream(body) };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

function target(
  connection: Connection,
  { key, versionId }: HeadRequest,
): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: connection.bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
}

/** An answer to HEAD has no body: where the code is not in a header either, a second question finds it. */
async function explained(
  connection: Connection,
  request: HeadRequest,
  context: CallContext,
  error: unknown,
): Promise<unknown> {
  if (statusOf(error) === 404 && codeOf(error) === 'NotFound') {
    return (await bucketIsThere(connection, context)) ? error : named(error, 'BucketNotFound');
  }
  const unexplained = (statusOf(error) === 400 || statusOf(error) === 403) && !isExplained(error);
  // A second question would go well, now that the clock is right.
  if (!unexplained || clockIsCorrected(error)) return error;
  const command = new connection.sdk.GetObjectCommand({ ...target(connection, request), Range: 'bytes=0-0' });
  return connection.client.send(command, { abortSignal: context.signal }).then(
    (answer) => {
      nodeStreamOf(answer).destroy();
      return error;
    },
    (reason: unknown) => reason,
  );
}

function toHeader(range: DriverRange): string {
  if ('suffix' in range) return `bytes=-${range.suffix}`;
  return range.end === undefined ? `bytes=${range.start}-` : `bytes=${range.start}-${range.end - 1}`;
}

/** Which bytes follow, and the size of the whole object. */
function extentOf(answer: GetObjectCommandOutput): { start: number; end: number; size: number } {
  if (answer.ContentRange === undefined) {
    const size = present(answer.ContentLength, 'Content-Length');
    return { start: 0, end: size, size };
  }
  const [, first, last, size] = /^bytes (\d+)-(-?\d+)\/(\d+)$/.exec(answer.ContentRange) ?? [];
  // MinIO answers a suffix of an empty object with `bytes 0--1/0`; elsewhere it is a 416.
  if (size === '0') throw new DriverFault('InvalidRange', 'the object is empty');
  if (size === undefined) throw new DriverFault('Unknown', `the service answered Content-Range ${answer.ContentRange}`);
  return { start: Number(first), end: Number(last) + 1, size: Number(size) };
}

function nodeStreamOf(answer: GetObjectCommandOutput): Readable {
  if (answer.Body instanceof Readable) return answer.Body;
  throw new DriverFault('Unknown', 'the SDK gave no Node stream');
}
