import type { Call } from '../call.ts';
import { checkDate, checkFunction, checkOptionNames } from '../check.ts';
import type { Progress, RetrieveOptions } from '../options.ts';
import { checkRange } from '../range.ts';
import type { Writable } from '../record.ts';
import type { RetrievedFile } from '../retrieved-file.ts';
import { type DownloadRequest, retrieveFile } from '../transfer/download.ts';
import { checkIntegrity } from './check-integrity.ts';
import { headRequest } from './head.ts';
import { type Gates, requireForOption, requireVersioning } from './require-capability.ts';

/** Names of the options of `retrieve` that a download to disk takes too. */
export const readOptionNames = [
  'versionId',
  'ifMatch',
  'ifNoneMatch',
  'ifModifiedSince',
  'ifUnmodifiedSince',
  'integrity',
  'onProgress',
] as const;

const optionNames = [...readOptionNames, 'range'] as const;
const gates: Gates = [
  ['ifModifiedSince', 'modifiedSinceRead'],
  ['ifUnmodifiedSince', 'modifiedSinceRead'],
];

/** Opens a file for reading. */
export function retrieve(call: Call, key: string, options: RetrieveOptions): Promise<RetrievedFile> {
  checkOptionNames(options, optionNames);
  const range = options.range === undefined ? undefined : checkRange(options.range);
  const request: Writable<DownloadRequest> = downloadRequest(call, key, options);
  if (range !== undefined) request.range = range;
  if (request.versionId === undefined) return retrieveFile(call, request);
  return requireVersioning(call, 'the option versionId').then(() => retrieveFile(call, request));
}

/** Checks what reads have in common. */
export function downloadRequest(call: Call, key: string, options: RetrieveOptions): Omit<DownloadRequest, 'range'> {
  requireForOption(call, options, gates);
  const ifModifiedSince = checkDate('ifModifiedSince', options.ifModifiedSince);
  const ifUnmodifiedSince = checkDate('ifUnmodifiedSince', options.ifUnmodifiedSince);
  const onProgress = checkFunction<(progress: Progress) => void>('onProgress', options.onProgress);
  const integrity = checkIntegrity(options.integrity);
  const request: Writable<DownloadRequest> = { integrity, ...headRequest(call, key, options) };
  if (ifModifiedSince !== undefined) request.ifModifiedSince = ifModifiedSince;
  if (ifUnmodifiedSince !== undefined) request.ifUnmodifiedSince = ifUnmodifiedSince;
  if (onProgress !== undefined) request.onProgress = onProgress;
  return request;
}
