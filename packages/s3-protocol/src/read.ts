import {
  bytesOf,
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
import type { Wire } from './connection.ts';
import { clockIsCorrected, codeOf, isExplained, statusOf } from './errors.ts';
import { present, toObjectInfo } from './object-info.ts';
import type { S3HeadAnswer } from './verbs.ts';

/** A body up to this is there when `get` resolves: a stream around it would cost more than it. */
const inMemory = 64 * 1024;

/** Info of an object. */
export async function head(wire: Wire, request: HeadRequest, context: CallContext): Promise<ObjectInfo> {
  const input = { ...target(wire, request), IfMatch: request.ifMatch, IfNoneMatch: request.ifNoneMatch };
  try {
    const answer = await wire.verbs.headObject(input, context.signal);
    return toObjectInfo(wire, request.key, present(answer.ContentLength, 'Content-Length'), answer);
  } catch (error) {
    const asked = wire.region.get();
    const explanation = await explained(wire, request, context, error);
    // The second question was sent to where the bucket is.
    if (explanation === error && wire.region.get() !== asked) return head(wire, request, context);
    throw explanation;
  }
}

/** The object or a part of it, as soon as its headers are here. */
export async function get(wire: Wire, request: GetRequest, context: CallContext): Promise<GetResponse> {
  const input = {
    ...target(wire, request),
    Range: request.range === undefined ? undefined : toHeader(request.range),
    IfMatch: request.ifMatch,
    IfNoneMatch: request.ifNoneMatch,
    IfModifiedSince: request.ifModifiedSince,
    IfUnmodifiedSince: request.ifUnmodifiedSince,
  };
  const answer = await wire.verbs.getObject(input, context.signal);
  const body = answer.Body;
  try {
    const { start, end, size } = extentOf(answer);
    const info = toObjectInfo(wire, request.key, size, answer);
    const isSmall = end - start <= inMemory;
    return {
      info,
      range: { start, end },
      body: isSmall ? await bytesOf(body, context.progressed) : fromNodeStream(body),
    };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

function target(
  { bucket }: Wire,
  { key, versionId }: HeadRequest,
): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
}

/** An answer to HEAD has no body: where the code is not in a header either, a second question finds it. */
async function explained(wire: Wire, request: HeadRequest, context: CallContext, error: unknown): Promise<unknown> {
  if (statusOf(error) === 404 && codeOf(error) === 'NotFound') {
    return (await bucketIsThere(wire, context)) ? error : named(error, 'BucketNotFound');
  }
  const unexplained = (statusOf(error) === 400 || statusOf(error) === 403) && !isExplained(error);
  // A second question would go well, now that the clock is right.
  if (!unexplained || clockIsCorrected(error)) return error;
  const input = { ...target(wire, request), Range: 'bytes=0-0' };
  return wire.verbs.getObject(input, context.signal).then(
    (answer) => {
      answer.Body.destroy();
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
function extentOf(answer: S3HeadAnswer): { start: number; end: number; size: number } {
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
