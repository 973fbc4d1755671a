import type { Call } from '../call.ts';
import type { MultipartCapability } from '../capabilities.ts';
import type { MultipartMember, ObjectInfo, PartReceipt, PutResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { responseFromInfo } from '../operations/results.ts';
import { isRecord } from '../record.ts';
import { abortUpload } from './abort-upload.ts';
import { piecesBody } from './attempt-body.ts';
import { completeUpload, overtaken } from './complete-upload.ts';
import { listParts } from './list-parts.ts';
import { silentMeter } from './progress-meter.ts';
import { putBody } from './put-body.ts';
import { uploadFailure } from './upload.ts';
import type { UploadTicket } from './upload-token.ts';

/**
 * Completes an upload whose parts the caller sent. Idempotent, in another process too: an upload that is gone because
 * it was completed resolves with what it made, as long as that is the object that is there.
 */
export async function completeSession(
  call: Call,
  multipart: MultipartMember,
  limits: MultipartCapability,
  ticket: UploadTicket,
  known: readonly PartReceipt[] | undefined,
): Promise<PutResponse> {
  if (known !== undefined) checkParts(known, limits);
  const { key, uploadId, attributes, condition } = ticket;
  try {
    const parts = inOrder(known ?? (await listParts(call, multipart, { key, uploadId })));
    if (known === undefined) checkParts(parts, limits);
    if (parts.length === 0) return await putEmpty(call, ticket);
    return await completeUpload(call, multipart, { key, uploadId, parts, attributes, condition });
  } catch (error) {
    return landedBefore(call, ticket, limits, error);
  }
}

/** An upload that is gone may have become the object that is there; where the first to complete wins, another has. */
async function landedBefore(
  call: Call,
  { key, attributes }: UploadTicket,
  { concurrent }: MultipartCapability,
  error: unknown,
): Promise<PutResponse> {
  if (isStorageError(error) && error.code === 'NotFound' && !call.signal.aborted) {
    // That it cannot be asked says nothing about the upload: its own error stands.
    const found = await findObject(call, key).catch(() => undefined);
    if (found?.token === attributes.token) return responseFromInfo(found);
    if (found !== undefined && concurrent === 'first-complete-wins') throw call.wrap(overtaken(error));
  }
  throw uploadFailure(call, error);
}

function findObject(call: Call, key: string): Promise<ObjectInfo> {
  return call.request({ effect: 'read', run: (context) => call.driver.head({ key }, context) });
}

/** No service makes an object of no parts. */
async function putEmpty(call: Call, ticket: UploadTicket): Promise<PutResponse> {
  const { key, uploadId } = ticket;
  const response = await putBody(call, ticket, piecesBody([]), silentMeter);
  await abortUpload(call, { key, uploadId });
  return response;
}

function inOrder(parts: readonly PartReceipt[]): PartReceipt[] {
  return [...parts].sort((a, b) => a.partNumber - b.partNumber);
}

/** Refuses what the service would refuse after a request, in words that name the part. */
function checkParts(parts: readonly PartReceipt[], { minPartSize, maxParts }: MultipartCapability): void {
  if (!Array.isArray(parts) || !parts.every(isReceipt)) throw invalid('parts must be the receipts that putPart gave');
  const sorted = inOrder(parts);
  for (const [index, { partNumber, size }] of sorted.entries()) {
    if (sorted[index + 1]?.partNumber === partNumber) throw invalid(`part ${partNumber} is given twice`);
    if (partNumber > maxParts) throw invalid(`part ${partNumber} is beyond the ${maxParts} parts of one upload`);
    if (index < sorted.length - 1 && size < minPartSize) {
      throw invalid(`part ${partNumber} has ${size} bytes; all parts but the last need ${minPartSize}`);
    }
  }
}

function isReceipt(value: unknown): value is PartReceipt {
  if (!isRecord(value)) return false;
  const { partNumber, size, etag } = value;
  return (
    Number.isSafeInteger(partNumber) &&
    Number(partNumber) >= 1 &&
    Number.isSafeInteger(size) &&
    typeof etag === 'string'
  );
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
