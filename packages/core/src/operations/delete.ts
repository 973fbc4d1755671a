import type { Call, FinalPlan } from '../call.ts';
import { checkEtag, checkFlag, checkOptionNames, checkVersionId } from '../check.ts';
import type { RemoveRequest, RemoveResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { DeleteResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { DeleteOptions } from '../options.ts';
import type { Writable } from '../record.ts';
import { type Gates, requireForOption, requireVersioning } from './require-capability.ts';

const optionNames = ['ifMatch', 'mustExist', 'versionId'] as const;
const gates: Gates = [
  ['ifMatch', 'ifMatchDelete'],
  ['mustExist', 'mustExistDelete'],
  ['versionId', 'versions'],
];

const plan: FinalPlan<RemoveResponse, RemoveRequest, DeleteResult> = {
  effect: 'write',
  run: (context, request, call) => call.driver.remove(request, context),
  result: (response, _call, { key }, attempt) => toDeleteResult(key, response, attempt),
};

/** Deletes an object, or one version of it. */
export function deleteFile(call: Call, key: string, options: DeleteOptions): Promise<DeleteResult> {
  checkOptionNames(options, optionNames);
  const request: Writable<RemoveRequest> = { key: checkKey(key, 'read', call.capabilities) };
  requireForOption(call, options, gates);
  const versionId = checkVersionId(options.versionId);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  if (checkFlag('mustExist', options.mustExist)) request.mustExist = true;
  if (versionId !== undefined && ifMatch !== undefined) {
    throw new DriverFault('InvalidArgument', 'ifMatch and versionId cannot be given together: pass one of them');
  }
  if (ifMatch !== undefined) request.ifMatch = ifMatch;
  if (versionId === undefined)
    return isConditional(request) ? removeObject(call, request) : call.conclude(plan, request);
  request.versionId = versionId;
  return requireVersioning(call, 'the option versionId').then(() => removeObject(call, request));
}

/** One delete; a retried one no longer knows whether the object existed, and a conditional one may be ambiguous. */
export async function removeObject(call: Call, request: RemoveRequest): Promise<DeleteResult> {
  let attempts = 0;
  const response = await call.request<RemoveResponse>({
    effect: 'write',
    key: request.key,
    run: (context) => {
      attempts = context.attempt;
      return call.driver.remove(request, context);
    },
    // Nothing proves whose delete it was: a refusal after a lost answer stays ambiguous.
    ...(isConditional(request) ? { landed: () => Promise.resolve(undefined) } : {}),
  });
  return toDeleteResult(request.key, response, attempts);
}

function isConditional({ ifMatch, mustExist, versionId }: RemoveRequest): boolean {
  return ifMatch !== undefined || mustExist === true || versionId !== undefined;
}

function toDeleteResult(key: string, response: RemoveResponse, attempts: number): DeleteResult {
  return { key, ...response, existed: attempts > 1 ? undefined : response.existed };
}
