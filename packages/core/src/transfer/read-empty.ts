import type { Call } from '../call.ts';
import type { DriverRange, ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isEmptyRange } from '../range.ts';
import { BufferedBody } from './buffered-body.ts';
import type { Download } from './download.ts';
import type { ByteSpan, DownloadRequest } from './download-request.ts';
import { createProgressMeter } from './progress-meter.ts';

/**
 * A range that holds no byte, answered from the object's info, since services answer it in different ways. A range that
 * does hold bytes came here because it was refused: that stands unless the object is empty.
 */
export async function readEmpty(call: Call, request: DownloadRequest, range: DriverRange): Promise<Download> {
  const { key, versionId, ifMatch, ifNoneMatch } = request;
  const head = {
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
  const info = await call.request({ effect: 'read', run: (context) => call.driver.head(head, context) });
  checkModified(info, request);
  const span = emptySpan(info.size, range);
  const body = new BufferedBody(call, new Uint8Array(0), undefined, createProgressMeter(request.onProgress, 0));
  return { info, span, body };
}

function emptySpan(size: number, range: DriverRange): ByteSpan {
  if (size === 0) return { start: 0, end: 0 };
  if ('suffix' in range) return { start: size, end: size };
  if (isEmptyRange(range) && range.start < size) return { start: range.start, end: range.start };
  throw new DriverFault('InvalidRange', `the range starts at ${range.start}, the object has ${size} bytes`);
}

/** `head` has no conditions on time. Services compare whole seconds. */
function checkModified({ lastModified }: ObjectInfo, { ifModifiedSince, ifUnmodifiedSince }: DownloadRequest): void {
  const modified = seconds(lastModified);
  if (ifModifiedSince !== undefined && modified <= seconds(ifModifiedSince)) {
    throw new DriverFault('NotModified', 'the object has not changed since ifModifiedSince');
  }
  if (ifUnmodifiedSince !== undefined && modified > seconds(ifUnmodifiedSince)) {
    throw new DriverFault('PreconditionFailed', 'the object has changed since ifUnmodifiedSince');
  }
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
