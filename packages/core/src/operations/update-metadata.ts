import type { Call } from '../call.ts';
import { checkEtag, checkFlag, checkOptionNames } from '../check.ts';
import type { ObjectInfo, SetMetadataRequest } from '../driver.ts';
import { defined } from '../driver-kit/defined.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import type { FileInfo } from '../file-info.ts';
import { checkHeaders } from '../headers.ts';
import { checkKey } from '../keys.ts';
import { checkMetadataSize, mergeMetadata } from '../metadata.ts';
import type { MetadataPatch, UpdateMetadataOptions } from '../options.ts';
import { backOff } from './back-off.ts';
import { claimed } from './claimed.ts';
import { headObject } from './head.ts';
import { requireCapability, requireForOption } from './require-capability.ts';
import { headersOf, toFileInfo } from './results.ts';

/** Rounds of read, merge and compare-and-set before the key counts as too busy. */
const rounds = 20;

/** Changes metadata and headers without sending the body: merges, or replaces all. */
export async function updateMetadata(
  call: Call,
  key: string,
  patch: MetadataPatch,
  options: UpdateMetadataOptions,
): Promise<FileInfo> {
  const headerNames = [
    'contentType',
    'cacheControl',
    'contentDisposition',
    'contentEncoding',
    'contentLanguage',
  ] as const;
  checkOptionNames(options, [...headerNames, 'ifMatch', 'replace']);
  requireCapability(call, 'setMetadata', 'updateMetadata');
  requireForOption(call, options, [['ifMatch', 'ifMatchMetadata']]);
  const checked = checkKey(key, 'read', call.capabilities);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  const replace = checkFlag('replace', options.replace);
  // Refused here, before any request, and not after the first one.
  checkMetadataSize(mergeMetadata({}, patch, replace), call.capabilities);
  checkHeaders(options, { key: checked, bodyType: undefined });
  const changes = defined(options);

  for (let round = 1; ; round += 1) {
    const current = await headObject(call, { key: checked, ...(ifMatch === undefined ? {} : { ifMatch }) });
    const metadata = mergeMetadata(current.metadata, patch, replace);
    checkMetadataSize(metadata, call.capabilities);
    const request: SetMetadataRequest = {
      key: checked,
      headers: checkHeaders({ ...headersOf(current), ...changes }, { key: checked, bodyType: undefined }),
      metadata,
      ifMatch: current.etag,
    };
    try {
      return toFileInfo(await setMetadata(call, request), call.capabilities);
    } catch (error) {
      // Somebody else was faster: merge into what they wrote, unless the caller named the revision.
      const lost = isStorageError(error) && error.code === 'PreconditionFailed' && error.retryable === 'no';
      if (!lost || ifMatch !== undefined) throw error;
      if (round === rounds)
        throw new DriverFault('Conflict', `the object changed ${String(rounds)} times while its metadata was updated`, {
          cause: error,
          retryable: 'safe',
        });
    }
    await backOff(call, round);
  }
}

function setMetadata(call: Call, request: SetMetadataRequest): Promise<ObjectInfo> {
  return call.request<ObjectInfo>({
    effect: 'write',
    run: (context) => claimed(call.driver.setMetadata?.(request, context), 'setMetadata'),
    landed: async () => {
      const info = await headObject(call, { key: request.key });
      return sameMetadata(info, request) ? info : undefined;
    },
  });
}

/** Metadata that is as it was asked to be was set, by this call or by one that asked for the same. */
function sameMetadata(info: ObjectInfo, request: SetMetadataRequest): boolean {
  const names = Object.keys(request.metadata);
  return (
    names.length === Object.keys(info.metadata).length &&
    names.every((name) => info.metadata[name] === request.metadata[name]) &&
    JSON.stringify(headersOf(info)) === JSON.stringify(headersOf(request.headers))
  );
}
