import { verifyPieces } from '../body/verify.ts';
import type { Call, FinalPlan } from '../call.ts';
import type { PutRequest, PutResponse, UploadBody } from '../driver.ts';
import type { SaveResult } from '../file-info.ts';
import { toSaveResult } from '../operations/results.ts';
import type { Writable } from '../record.ts';
import { counted } from './attempt-body.ts';
import type { UploadRequest } from './upload-request.ts';

const plan: FinalPlan<PutResponse, PutRequest, SaveResult> = {
  effect: 'write',
  run: (context, request, call) => call.driver.put(request, context),
  result(response, call, { key, attributes }) {
    call.addBytes(response.size);
    return toSaveResult(key, attributes, response, call.capabilities);
  },
};

/** Stores bytes that are in memory with one request that has no condition, and that nobody watches. */
export function putBytes(call: Call, request: Omit<UploadRequest, 'source'>, bytes: Uint8Array): Promise<SaveResult> {
  const { key, attributes, condition, integrity, checksum, native, maxSize } = request;
  const size = bytes.byteLength;
  const pieces = size === 0 ? [] : [bytes];
  if (request.size !== undefined || maxSize !== undefined || checksum !== undefined) {
    verifyPieces(pieces, { size: request.size, maxSize, checksum });
  }

  const onProgress = (): void => {
    call.lastAt = performance.now();
  };
  // A plain object: drivers copy it with something added.
  const body: UploadBody = { size, pieces, open: () => counted(pieces, onProgress) };
  const put: Writable<PutRequest> = { key, body, attributes, condition, integrity, onProgress };
  if (checksum !== undefined) put.checksum = checksum;
  if (native !== undefined) put.native = native;
  return call.conclude(plan, put);
}
