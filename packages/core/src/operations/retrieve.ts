import type { Call } from '../call.ts';
import { checkDate, checkFunction, checkOneOf, checkOptionNames } from '../check.ts';
import type { Progress, RetrieveOptions } from '../options.ts';
import { checkRange } from '../range.ts';
import type { RetrievedFile } from '../retrieved-file.ts';
import { type DownloadRequest, retrieveFile } from '../transfer/download.ts';
import { headRequest } from './head.ts';
import { requireForOption } from './require-capability.ts';

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

/** Opens a file for reading. */
export async function retrieve(call: Call, key: string, options: RetrieveOptions): Promise<RetrievedFile> {
  checkOptionNames(options, [...readOptionNames, 'range']);
  const range = options.range === undefined ? undefined : checkRange(options.range);
  const request = await downloadRequest(call, key, options);
  return retrieveFile(call, range === undefined ? request : { ...request, range });
}

/** Checks what reads have in common. */
export async function downloadRequest(
  call: Call,
  key: string,
  options: RetrieveOptions,
): Promise<Omit<DownloadRequest, 'range'>> {
  requireForOption(call, options, [
    ['ifModifiedSince', 'modifiedSinceRead'],
    ['ifUnmodifiedSince', 'modifiedSinceRead'],
  ]);
  const ifModifiedSince = checkDate('ifModifiedSince', options.ifModifiedSince);
  const ifUnmodifiedSince = checkDate('ifUnmodifiedSince', options.ifUnmodifiedSince);
  const onProgress = checkFunction<(progress: Progress) => void>('onProgress', options.onProgress);
  return {
    integrity: checkOneOf('integrity', options.integrity, ['default', 'none'] as const) ?? 'default',
    ...(await headRequest(call, key, options)),
    ...(ifModifiedSince === undefined ? {} : { ifModifiedSince }),
    ...(ifUnmodifiedSince === undefined ? {} : { ifUnmodifiedSince }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}
