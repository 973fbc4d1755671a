import { type OpenFile, openFile } from '../body/from-file.ts';
import { fromPieces } from '../body/from-pieces.ts';
import { readSmallFile } from '../body/small-file.ts';
import { assertSizeAllowed } from '../body/verify.ts';
import type { Call } from '../call.ts';
import type { PutResponse } from '../driver.ts';
import { defaultPartSize } from './part-size.ts';
import { partsFor } from './parts-service.ts';
import { upload } from './upload.ts';
import { uploadFileInParts } from './upload-file-parts.ts';
import type { UploadRequest } from './upload-request.ts';

/** A write from disk whose options were checked. */
export interface UploadFileRequest extends Omit<UploadRequest, 'source'> {
  readonly path: string;
  /** Token of an upload that was cut. */
  readonly resume?: string;
  /** Called when an upload in parts begins. */
  readonly onToken?: (token: string) => void;
}

/** From so many parts on, parts in parallel are worth their extra requests. */
const worthParts = 4;

/**
 * Stores a file from disk: with one request when it is small, else in parts that are read and sent in parallel. With
 * `onToken`, an upload that fails for a passing reason keeps its parts, and `resume` goes on with it.
 */
export async function uploadFile(call: Call, request: UploadFileRequest): Promise<PutResponse> {
  const { path, resume, partSize = defaultPartSize } = request;
  // Read once, it is sent again by any attempt, and the file need not stay open.
  const bytes = resume === undefined ? await readSmallFile(path, partSize) : undefined;
  if (bytes !== undefined) {
    const source = fromPieces(bytes.byteLength === 0 ? [] : [bytes]);
    return upload(call, { ...request, source });
  }

  const file = await openFile(path);
  try {
    const { size } = file.stamp;
    assertSizeAllowed(size, { size: request.size, maxSize: request.maxSize, checksum: undefined });
    const parts = wantsParts(call, request, file) ? partsFor(call, request.condition) : undefined;
    if (parts !== undefined) return await uploadFileInParts(call, request, file, parts);
    return await upload(call, { ...request, source: file.source });
  } finally {
    await file.close();
  }
}

function wantsParts(call: Call, request: UploadFileRequest, { stamp }: OpenFile): boolean {
  if (request.resume !== undefined) return true;
  const partSize = request.partSize ?? defaultPartSize;
  if (request.onToken !== undefined) return stamp.size > partSize;
  // A service that takes streams as they come is a disk, or memory: nothing is gained there.
  return !call.capabilities.singlePut.unknownSize && stamp.size > worthParts * partSize;
}
