import type { Call, FinalPlan } from '../call.ts';
import type { DriverRange, GetRequest, GetResponse, ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { isEmptyRange } from '../range.ts';
import type { Writable } from '../record.ts';
import { createRetrievedFile, type RetrievedFile } from '../retrieved-file.ts';
import { BufferedBody } from './buffered-body.ts';
import { DownloadBody } from './download-body.ts';
import type { ByteSpan, DownloadRequest } from './download-request.ts';
import { fetchObject, freeBody, wrongSpan } from './fetch-span.ts';
import { type FileBody, readWhole } from './file-body.ts';
import { createProgressMeter, silentMeter } from './progress-meter.ts';
import { readEmpty } from './read-empty.ts';

export type { DownloadRequest } from './download-request.ts';

/** A body up to this is read before the file is given out, so that it holds no connection. */
const bufferedBytes = 64 * 1024;

/** An object that is open for reading. */
export interface Download {
  readonly info: ObjectInfo;
  readonly span: ByteSpan;
  readonly body: FileBody;
}

const plan: FinalPlan<GetResponse, DownloadRequest, RetrievedFile> = {
  effect: 'read',
  run: (context, request, call) => call.driver.get(requestOf(request), context),
  result(response, call, request) {
    const opened = openResponse(call, request, response);
    if (opened instanceof Promise) return opened.then((download) => fileOf(call, request, download));
    return fileOf(call, request, opened);
  },
  discard: (late) => void freeBody(late.body),
};

/** Opens an object as a file to be read once. */
export function retrieveFile(call: Call, request: DownloadRequest): Promise<RetrievedFile> {
  if (request.range === undefined) return call.conclude(plan, request);
  return openDownload(call, request).then((download) => fileOf(call, request, download));
}

function fileOf(call: Call, { range }: DownloadRequest, download: Download): RetrievedFile {
  const isPartial = range !== undefined && download.span.end > download.span.start;
  return createRetrievedFile(call, download, isPartial);
}

/** Opens an object: its info, and its body or a range of it, of one version whatever happens on the way. */
export async function openDownload(call: Call, request: DownloadRequest): Promise<Download> {
  const { range } = request;
  if (range === undefined) return openResponse(call, request, await fetchObject(call, requestOf(request)));
  if (isEmptyRange(range)) return readEmpty(call, request, range);
  try {
    return await openResponse(call, request, await fetchObject(call, { ...requestOf(request), range }));
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidRange') throw error;
    // Of an empty object every range is empty.
    return readEmpty(call, request, range);
  }
}

/** What of a request the driver is asked for, apart from its range. */
function requestOf(request: DownloadRequest): GetRequest {
  const { key, versionId, ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = request;
  const get: Writable<GetRequest> = { key };
  if (versionId !== undefined) get.versionId = versionId;
  if (ifMatch !== undefined) get.ifMatch = ifMatch;
  if (ifNoneMatch !== undefined) get.ifNoneMatch = ifNoneMatch;
  if (ifModifiedSince !== undefined) get.ifModifiedSince = ifModifiedSince;
  if (ifUnmodifiedSince !== undefined) get.ifUnmodifiedSince = ifUnmodifiedSince;
  return get;
}

/** At once, unless the body is small and has to come first. */
function openResponse(call: Call, request: DownloadRequest, response: GetResponse): Download | Promise<Download> {
  const { info } = response;
  const span = spanOf(request.range, info.size);
  const fault = wrongSpan(span, response);
  if (fault !== undefined) return refuse(response, fault);
  const body = openBody(call, request, span, response);
  return body instanceof Promise ? body.then((read) => ({ info, span, body: read })) : { info, span, body };
}

async function refuse({ body }: GetResponse, fault: DriverFault): Promise<never> {
  await freeBody(body);
  throw fault;
}

function openBody(
  call: Call,
  request: DownloadRequest,
  span: ByteSpan,
  { info, body }: GetResponse,
): FileBody | Promise<FileBody> {
  const length = span.end - span.start;
  const isWhole = length === info.size;
  const checksum = isWhole && request.integrity !== 'none' ? info.checksum : undefined;
  const progress = createProgressMeter(request.onProgress, length);
  if (body instanceof Uint8Array) {
    call.addBytes(length);
    return new BufferedBody(call, body, checksum, progress);
  }

  const { key, versionId } = request;
  const pinned = versionId === undefined ? { key, info } : { key, versionId, info };
  if (length > bufferedBytes) {
    return new DownloadBody(call, { ...pinned, span, checksum, progress, onOver: call.hold() }, body);
  }
  const origin = { ...pinned, span, checksum: undefined, progress: silentMeter, onOver: () => undefined };
  const small = new DownloadBody(call, origin, body);
  return readWhole(small).then((bytes) => new BufferedBody(call, bytes, checksum, progress));
}

/** The bytes that a range names in an object of `size` bytes. */
function spanOf(range: DriverRange | undefined, size: number): ByteSpan {
  if (range === undefined) return { start: 0, end: size };
  if ('suffix' in range) return { start: Math.max(0, size - range.suffix), end: size };
  if (range.start >= size) {
    // The service answered what it should have refused.
    throw new DriverFault('InvalidRange', `the range starts at ${range.start}, the object has ${size} bytes`);
  }
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}
