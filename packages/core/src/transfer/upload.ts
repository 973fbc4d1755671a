import type { Call } from '../call.ts';
import type { PutResponse } from '../driver.ts';
import { isDriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { abortFault } from './abort-fault.ts';
import { isLostRace } from './complete-upload.ts';
import { UploadPlan } from './upload-plan.ts';
import type { UploadRequest } from './upload-request.ts';

export type { UploadRequest } from './upload-request.ts';

/**
 * Stores a body, all or nothing, with one request or in parts, whatever kind it is of. Rejects with the error of the
 * source, of the check that failed, or of the service; then nothing is visible, and no part is left where an abort is
 * immediate. `withUploadSource` stops the source.
 */
export async function upload(call: Call, request: UploadRequest): Promise<PutResponse> {
  const plan = new UploadPlan(call, request);
  try {
    return await plan.run();
  } catch (error) {
    const partsAreLost = plan.wentInParts && isLostRace(error);
    if (!partsAreLost || !request.source.replayable) throw uploadFailure(call, error);
    return restage(call, request);
  }
}

/** The parts are gone, the body is not: once more from the start (contract 44). */
async function restage(call: Call, request: UploadRequest): Promise<PutResponse> {
  try {
    return await new UploadPlan(call, request).run();
  } catch (error) {
    throw uploadFailure(call, error);
  }
}

/** The error that an upload rejects with: an abort may show as what the source said when it was stopped. */
export function uploadFailure(call: Call, error: unknown): unknown {
  if (isStorageError(error) || isDriverFault(error) || !call.signal.aborted) return error;
  return abortFault(call.signal);
}
