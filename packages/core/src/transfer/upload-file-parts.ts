import type { OpenFile } from '../body/from-file.ts';
import type { Call } from '../call.ts';
import { assertChecksum, createDigest } from '../checksum.ts';
import type { PartReceipt, PutResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { abortFault } from './abort-fault.ts';
import { isLostRace } from './complete-upload.ts';
import { listParts } from './list-parts.ts';
import { createOwnershipToken, ownLanding } from './ownership.ts';
import { randomAccessFeed } from './part-feed.ts';
import { PartLane } from './part-lane.ts';
import { MiB, type PartSizes, partSizes } from './part-size.ts';
import type { PartsService } from './parts-service.ts';
import { uploadInParts } from './parts-upload.ts';
import { createProgressMeter } from './progress-meter.ts';
import { uploadFailure } from './upload.ts';
import type { UploadFileRequest } from './upload-file.ts';
import { defaultConcurrency } from './upload-request.ts';
import { decodeTicket, encodeTicket, type UploadTicket } from './upload-token.ts';

/** An upload in parts of a file, as it was begun. */
interface Begun {
  readonly uploadId: string;
  readonly parts: readonly PartReceipt[];
}

/** Uploads a file in parts, or goes on with an upload of it. */
export async function uploadFileInParts(
  call: Call,
  request: UploadFileRequest,
  file: OpenFile,
  parts: PartsService,
): Promise<PutResponse> {
  const { checksum, resume } = request;
  if (checksum !== undefined) await verifyFile(call, file, checksum);
  const ticket = resume === undefined ? undefined : resumedTicket(call, request, file, resume);
  if (ticket === undefined) return begin(call, request, file, parts);

  const found = await findParts(call, parts, ticket);
  if (found === undefined) return begin(call, request, file, parts);
  return 'etag' in found ? found : send(call, request, file, parts, ticket, found);
}

async function begin(
  call: Call,
  request: UploadFileRequest,
  file: OpenFile,
  parts: PartsService,
): Promise<PutResponse> {
  const ticket = newTicket(call, request, file, parts);
  try {
    return await send(call, request, file, parts, ticket, undefined);
  } catch (error) {
    if (!isLostRace(error)) throw error;
    // Another upload was completed first: once more from the start (contract 44).
    await file.assertUnchanged();
    return send(call, request, file, parts, newTicket(call, request, file, parts), undefined);
  }
}

type FileTicket = UploadTicket & { readonly file: NonNullable<UploadTicket['file']> };

function newTicket(call: Call, request: UploadFileRequest, { stamp }: OpenFile, { limits }: PartsService): FileTicket {
  const { key, attributes, condition, integrity, partSize } = request;
  return {
    type: call.driver.type,
    key,
    uploadId: '',
    attributes: { ...attributes, token: createOwnershipToken() },
    condition,
    integrity,
    file: { ...stamp, partSize: partSizes(limits, stamp.size, partSize)(0) },
  };
}

/** What the token says, when it is of this file and this request. */
function resumedTicket(call: Call, request: UploadFileRequest, { stamp }: OpenFile, resume: string): FileTicket {
  const ticket = decodeTicket(resume, call.driver.type);
  const { file, key, attributes, condition } = ticket;
  if (file === undefined || key !== request.key) throw invalid('the token is of another upload');
  if (file.size !== stamp.size || file.mtimeMs !== stamp.mtimeMs) {
    throw invalid('the file has changed since the upload was begun; start it anew, without resume');
  }
  const { token: _, ...begun } = attributes;
  if (!isSame(begun, request.attributes) || !isSame(condition, request.condition)) {
    throw invalid('the upload was begun with other options; give the same, or start it anew, without resume');
  }
  return { ...ticket, file };
}

/** The parts that are there; the result when the upload was completed; undefined when it is gone. */
async function findParts(
  call: Call,
  { member }: PartsService,
  ticket: FileTicket,
): Promise<Begun | PutResponse | undefined> {
  const { key, uploadId, attributes } = ticket;
  try {
    return { uploadId, parts: await listParts(call, member, { key, uploadId }) };
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'NotFound') throw error;
    return ownLanding(call, key, attributes.token).catch((reason: unknown) => {
      if (isStorageError(reason) && reason.code === 'NotFound') return undefined;
      throw reason;
    });
  }
}

async function send(
  call: Call,
  request: UploadFileRequest,
  file: OpenFile,
  { member }: PartsService,
  ticket: FileTicket,
  begun: Begun | undefined,
): Promise<PutResponse> {
  const { size, partSize } = ticket.file;
  const sizeAt: PartSizes = () => partSize;
  // A part of another size is of another cut: it is sent again, in its place.
  const parts = begun?.parts.filter(({ partNumber, size: found }) => found === sizeOfPart(partNumber, size, partSize));
  const present = new Set(parts?.map(({ partNumber }) => partNumber));
  const keeps = request.onToken !== undefined || request.resume !== undefined;
  const job = {
    request,
    attributes: ticket.attributes,
    multipart: member,
    feed: randomAccessFeed(file.readAt.bind(file), size, sizeAt, present),
    lanes: Array.from({ length: request.concurrency ?? defaultConcurrency }, () => new PartLane()),
    progress: createProgressMeter(request.onProgress, size),
    stop: new AbortController(),
    onOpen: (uploadId: string) => request.onToken?.(encodeTicket({ ...ticket, uploadId })),
    beforeComplete: () => file.assertUnchanged(),
    keepAfter: (error: unknown) => keeps && mayGoOn(error),
    ...(begun === undefined ? {} : { begun: { uploadId: begun.uploadId, parts: parts ?? [] } }),
  };
  try {
    return await uploadInParts(call, job);
  } catch (error) {
    throw uploadFailure(call, error);
  }
}

/** Whether an upload that failed so can be gone on with: nothing about it is wrong, it was only cut. */
function mayGoOn(error: unknown): boolean {
  if (!isStorageError(error)) return false;
  return error.code === 'Aborted' || (error.retryable !== 'no' && error.code !== 'Conflict');
}

function sizeOfPart(partNumber: number, total: number, partSize: number): number {
  return Math.min(partSize, total - (partNumber - 1) * partSize);
}

/** The parts are sent out of order, so a declared checksum is taken of the file before. */
async function verifyFile(
  call: Call,
  file: OpenFile,
  checksum: NonNullable<UploadFileRequest['checksum']>,
): Promise<void> {
  const digest = createDigest(checksum.algorithm);
  const memory = Buffer.allocUnsafeSlow(MiB);
  for await (const block of file.source.open(() => memory)) {
    if (call.signal.aborted) throw abortFault(call.signal);
    digest.update(block);
  }
  assertChecksum(checksum, digest.hex(), 'declared');
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, each]) => [name, sorted(each)]);
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
