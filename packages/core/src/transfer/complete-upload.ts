import type { Call } from '../call.ts';
import type { CompleteUploadRequest, MultipartMember, PutResponse } from '../driver.ts';
import { DriverFault, isDriverFault } from '../errors/driver-fault.ts';
import { landedWith } from './ownership.ts';

/** What `complete` is asked, with the proof of ownership that tells a lost answer from a lost race. */
export type OwnedComplete = CompleteUploadRequest & { readonly attributes: { readonly token: string } };

/** Why an upload that lost to another one was refused. */
export const lostMessage = 'another upload to this key was completed first, and nothing was changed';

/** Makes one object of the parts. A `Conflict` that no second attempt can win is not retried. */
export function completeUpload(call: Call, multipart: MultipartMember, request: OwnedComplete): Promise<PutResponse> {
  return call.request({
    effect: 'write',
    run: async (context) => {
      try {
        return await multipart.complete(request, context);
      } catch (error) {
        throw lostForGood(call, error) ? new DriverFault('Conflict', lostMessage, { cause: error }) : error;
      }
    },
    landed: () => landedWith(call, request.key, request.attributes.token),
  });
}

/** Where the first session to complete wins, the parts of the others are gone. */
function lostForGood(call: Call, error: unknown): boolean {
  const { multipart } = call.capabilities;
  if (multipart === false || multipart.concurrent !== 'first-complete-wins') return false;
  const { code } = isDriverFault(error) ? error.classification : call.driver.classify(error);
  return code === 'Conflict';
}
