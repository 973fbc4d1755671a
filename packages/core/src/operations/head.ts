import type { Call, FinalPlan } from '../call.ts';
import { checkEtag, checkOptionNames, checkVersionId } from '../check.ts';
import type { ExistsRequest, HeadRequest, ObjectInfo } from '../driver.ts';
import type { StorageError } from '../errors/storage-error.ts';
import type { FileInfo } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { HeadOptions } from '../options.ts';
import type { Writable } from '../record.ts';
import { type Gates, requireForOption, requireVersioning } from './require-capability.ts';
import { toFileInfo } from './results.ts';

/** Info of an object as the driver gives it. */
export function headObject(call: Call, request: HeadRequest): Promise<ObjectInfo> {
  return call.request({ effect: 'read', key: request.key, run: (context) => call.driver.head(request, context) });
}

const metadataOptionNames = ['versionId', 'ifMatch', 'ifNoneMatch'] as const;

const metadataPlan: FinalPlan<ObjectInfo, HeadRequest, FileInfo | undefined> = {
  effect: 'read',
  run: (context, request, call) => call.driver.head(request, context),
  result: (info, call) => toFileInfo(info, call.capabilities),
  refused: (error) => whereMissing(undefined, error),
};

/** Info of an object; undefined only when the object or version is definitely not there. */
export function getMetadata(call: Call, key: string, options: HeadOptions): Promise<FileInfo | undefined> {
  checkOptionNames(options, metadataOptionNames);
  const request = headRequest(call, key, options);
  if (request.versionId === undefined) return call.conclude(metadataPlan, request);
  return requireVersioning(call, 'the option versionId').then(() => call.conclude(metadataPlan, request));
}

const existsPlan: FinalPlan<unknown, ExistsRequest, boolean> = {
  effect: 'read',
  run: (context, request, call) =>
    call.driver.exists === undefined ? call.driver.head(request, context) : call.driver.exists(request, context),
  result: (answer) => answer !== false,
  refused: (error) => whereMissing(false, error),
};

/** Whether an object is there; anything but definite absence rejects. */
export function exists(call: Call, key: string, options: object): Promise<boolean> {
  checkOptionNames(options, []);
  return call.conclude(existsPlan, { key: checkKey(key, 'read', call.capabilities) });
}

function whereMissing<T>(answer: T, error: StorageError): T {
  if (error.code === 'NotFound') return answer;
  throw error;
}

const versionGates: Gates = [['versionId', 'versions']];

/** What reads have in common: key, version and etags. */
export function headRequest(call: Call, key: string, options: HeadOptions): HeadRequest {
  const request: Writable<HeadRequest> = { key: checkKey(key, 'read', call.capabilities) };
  requireForOption(call, options, versionGates);
  const versionId = checkVersionId(options.versionId);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  const ifNoneMatch = checkEtag('ifNoneMatch', options.ifNoneMatch);
  if (versionId !== undefined) request.versionId = versionId;
  if (ifMatch !== undefined) request.ifMatch = ifMatch;
  if (ifNoneMatch !== undefined) request.ifNoneMatch = ifNoneMatch;
  return request;
}
