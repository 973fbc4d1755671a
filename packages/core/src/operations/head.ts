import type { Call } from '../call.ts';
import { checkEtag, checkOptionNames, checkVersionId } from '../check.ts';
import type { HeadRequest, ObjectInfo } from '../driver.ts';
import { isStorageError } from '../errors/storage-error.ts';
import type { FileInfo } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { HeadOptions } from '../options.ts';
import { claimed } from './claimed.ts';
import { requireForOption, requireVersioning } from './require-capability.ts';
import { toFileInfo } from './results.ts';

/** Info of an object as the driver gives it. */
export function headObject(call: Call, request: HeadRequest): Promise<ObjectInfo> {
  return call.request({ effect: 'read', key: request.key, run: (context) => call.driver.head(request, context) });
}

/** Info of an object; undefined only when the object or version is definitely not there. */
export async function getMetadata(call: Call, key: string, options: HeadOptions): Promise<FileInfo | undefined> {
  checkOptionNames(options, ['versionId', 'ifMatch', 'ifNoneMatch']);
  const request = await headRequest(call, key, options);
  try {
    return toFileInfo(await headObject(call, request), call.capabilities);
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** Whether an object is there; anything but definite absence rejects. */
export async function exists(call: Call, key: string, options: object): Promise<boolean> {
  checkOptionNames(options, []);
  const request = { key: checkKey(key, 'read', call.capabilities) };
  if (call.driver.exists !== undefined) {
    return call.request({
      effect: 'read',
      run: (context) => claimed(call.driver.exists?.(request, context), 'exists'),
    });
  }
  try {
    await headObject(call, request);
    return true;
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return false;
    throw error;
  }
}

/** What reads have in common: key, version and etags. */
export async function headRequest(call: Call, key: string, options: HeadOptions): Promise<HeadRequest> {
  const checked = checkKey(key, 'read', call.capabilities);
  requireForOption(call, options, [['versionId', 'versions']]);
  const versionId = checkVersionId(options.versionId);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  const ifNoneMatch = checkEtag('ifNoneMatch', options.ifNoneMatch);
  if (versionId !== undefined) await requireVersioning(call, 'the option versionId');
  return {
    key: checked,
    ...(versionId === undefined ? {} : { versionId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}
