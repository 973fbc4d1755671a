import type { Call } from '../call.ts';
import { checkEtag, checkFlag, checkOptionNames, checkVersionId } from '../check.ts';
import type { RemoveRequest, RemoveResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { DeleteResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { DeleteOptions } from '../options.ts';
import { requireForOption, requireVersioning } from './require-capability.ts';

/** Deletes an object, or one version of it. */
export async function deleteFile(call: Call, key: string, options: DeleteOptions): Promise<DeleteResult> {
  checkOptionNames(options, ['ifMatch', 'mustExist', 'versionId']);
  const checked = checkKey(key, 'read', call.capabilities);
  requireForOption(call, options, [
    ['ifMatch', 'ifMatchDelete'],
    ['mustExist', 'mustExistDelete'],
    ['versionId', 'versions'],
  ]);
  const versionId = checkVersionId(options.versionId);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  const mustExist = checkFlag('mustExist', options.mustExist);
  if (versionId !== undefined && ifMatch !== undefined) {
    throw new DriverFault('InvalidArgument', 'ifMatch and versionId cannot be given together: pass one of them');
  }
  if (versionId !== undefined) await requireVersioning(call, 'the option versionId');
  return removeObject(call, {
    key: checked,
    ...(versionId === undefined ? {} : { versionId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(mustExist ? { mustExist: true } : {}),
  });
}

/** One delete; a retried one no longer knows whether the object existed, and a conditional one may be ambiguous. */
export async function removeObject(call: Call, request: RemoveRequest): Promise<DeleteResult> {
  const conditional = request.ifMatch !== undefined || request.mustExist === true || request.versionId !== undefined;
  let attempts = 0;
  const response = await call.request<RemoveResponse>({
    effect: 'write',
    key: request.key,
    run: (context) => {
      attempts = context.attempt;
      return call.driver.remove(request, context);
    },
    // Nothing proves whose delete it was: a refusal after a lost answer stays ambiguous.
    ...(conditional ? { landed: () => Promise.resolve(undefined) } : {}),
  });
  return { key: request.key, ...response, existed: attempts > 1 ? undefined : response.existed };
}
