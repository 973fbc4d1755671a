import type { Call } from '../call.ts';
import type { DriverRange, GetResponse, ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { toFileInfo } from '../operations/results.ts';
import { isEmptyRange } from '../range.ts';
import { createRetrievedFile, type RetrievedFile } from '../retrieved-file.ts';
import { BufferedBody } from './buffered-body.ts';
import { DownloadBody } from './download-body.ts';
import type { ByteSpan, DownloadRequest } from './download-request.ts';
import { fetchObject, freeBody, wrongSpan } from './fetch-span.ts';
import { type FileBody, readWhole } from './file-body.ts';
import { createProgressMeter } from './progress-meter.ts';
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

/** Opens an object as a file to be read once. */
export async function retrieveFile(call: Call, request: DownloadRequest): Promise<RetrievedFile> {
  const { info, span, body } = await openDownload(call, request);
  const isPartial = request.range !== undefined && span.end > span.start;
  return createRetrievedFile(call, toFileInfo(info, call.capabilities), { span, isPartial, body });
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

function requestOf({
  integrity: _,
  onProgress: __,
  range: ___,
  ...request
}: DownloadRequest): Omit<DownloadRequest, 'integrity'> {
  return request;
}

async function openResponse(call: Call, request: DownloadRequest, response: GetResponse): Promise<Download> {
  const { info } = response;
  const span = spanOf(request.range, info.size);
  const fault = wrongSpan(span, response);
  if (fault !== undefined) {
    await freeBody(response.body);
    throw fault;
  }
  return { info, span, body: await openBody(call, request, span, response) };
}

async function openBody(
  call: Call,
  request: DownloadRequest,
  span: ByteSpan,
  { info, body }: GetResponse,
): Promise<FileBody> {
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
  const quiet = createProgressMeter(undefined, length);
  const small = new DownloadBody(
    call,
    { ...pinned, span, checksum: undefined, progress: quiet, onOver: () => undefined },
    body,
  );
  return new BufferedBody(call, await readWhole(small), checksum, progress);
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
