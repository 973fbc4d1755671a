import type { Call } from '../call.ts';
import type { CompleteUploadRequest, MultipartMember, PutResponse } from '../driver.ts';
import { DriverFault, isDriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { ownLanding } from './ownership.ts';

/** What `complete` is asked, with the proof of ownership that tells a lost answer from a lost race. */
export type OwnedComplete = CompleteUploadRequest & { readonly attributes: { readonly token: string } };

/** Makes one object of the parts. Rejects `Conflict`, which `isLostRace` knows, when another upload came first. */
export async function completeUpload(
  call: Call,
  multipart: MultipartMember,
  request: OwnedComplete,
): Promise<PutResponse> {
  let lost: unknown;
  try {
    return await call.request({
      effect: 'write',
      run: async (context) => {
        try {
          return await multipart.complete(request, context);
        } catch (error) {
          if (!isLostForGood(call, error)) throw error;
          lost = error;
          // Not retryable: the parts are gone, and no second attempt of this request can win.
          throw new DriverFault('Conflict', 'another upload was completed first', { cause: error });
        }
      },
      landed: () => ownLanding(call, request.key, request.attributes.token),
    });
  } catch (error) {
    if (lost === undefined || !isStorageError(error) || error.code !== 'Conflict' || error.retryable !== 'no')
      throw error;
    throw call.wrap(overtaken(lost));
  }
}

/** The refusal of an upload that came second where the first wins. */
export function overtaken(cause: unknown): DriverFault {
  const message = 'another upload to this key was completed first, and nothing was changed';
  return new DriverFault('Conflict', message, { retryable: 'safe', cause });
}

/** Whether the parts of an upload were in vain, so that one with parts of its own may still succeed. */
export function isLostRace(error: unknown): boolean {
  return isStorageError(error) && error.code === 'Conflict' && error.retryable === 'safe';
}

/** Where the first session to complete wins, the parts of the others are gone. */
function isLostForGood(call: Call, error: unknown): boolean {
  const { multipart } = call.capabilities;
  if (multipart === false || multipart.concurrent !== 'first-complete-wins') return false;
  const { code } = isDriverFault(error) ? error.classification : call.driver.classify(error);
  return code === 'Conflict';
}
