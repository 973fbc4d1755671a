import type { Call } from '../call.ts';
import { checkOptionNames, checkPositiveInteger, checkVersionId } from '../check.ts';
import type { PutResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { FileVersion, SaveResult } from '../file-info.ts';
import { checkKey } from '../keys.ts';
import type { BaseOptions, VersionsOptions } from '../options.ts';
import { claimed } from './claimed.ts';
import { headObject } from './head.ts';
import { requireCapability, requireVersioning } from './require-capability.ts';
import { headersOf, toSaveResult, toSecond } from './results.ts';

const defaultLimit = 1_000;

/** Revisions of a key, newest first, deletions included. */
export async function getVersions(call: Call, key: string, options: VersionsOptions): Promise<FileVersion[]> {
  checkOptionNames(options, ['limit']);
  const checked = checkKey(key, 'read', call.capabilities);
  const limit = checkPositiveInteger('limit', options.limit) ?? defaultLimit;
  await requireVersioning(call, 'getVersions');
  const found: FileVersion[] = [];
  let cursor: string | undefined;
  do {
    const page = await call.request({
      effect: 'read',
      run: (context) => {
        const request = { key: checked, limit: Math.min(limit - found.length, call.capabilities.maxPageSize) };
        const next = cursor === undefined ? request : { ...request, cursor };
        return claimed(call.driver.versions?.list(next, context), 'versions');
      },
    });
    found.push(...page.versions);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < limit);
  if (call.capabilities.lastModifiedPrecision === 'millisecond') return found;
  return found.map((version) => ({ ...version, lastModified: toSecond(version.lastModified) }));
}

/** Makes an earlier version the current one again, as a new revision. */
export async function restoreVersion(
  call: Call,
  key: string,
  versionId: string,
  options: BaseOptions,
): Promise<SaveResult> {
  checkOptionNames(options, []);
  const checked = checkKey(key, 'read', call.capabilities);
  const id = checkVersionId(versionId);
  if (id === undefined)
    throw new DriverFault('InvalidArgument', 'versionId is missing: take one from getVersions(key)');
  await requireVersioning(call, 'restoreVersion');
  const response = await call.request({
    effect: 'write',
    run: (context) => claimed(call.driver.versions?.restore({ key: checked, versionId: id }, context), 'versions'),
  });
  return completed(call, checked, response);
}

/** Brings a deleted object back as it was. */
export async function undelete(call: Call, key: string, options: BaseOptions): Promise<SaveResult> {
  checkOptionNames(options, []);
  requireCapability(call, 'undelete', 'undelete');
  const checked = checkKey(key, 'read', call.capabilities);
  await requireVersioning(call, 'undelete');
  const response = await call.request({
    effect: 'write',
    run: (context) => claimed(call.driver.versions?.undelete?.({ key: checked }, context), 'versions.undelete'),
  });
  return completed(call, checked, response);
}

async function completed(call: Call, key: string, response: PutResponse): Promise<SaveResult> {
  const info = await headObject(call, { key });
  return toSaveResult(key, { headers: headersOf(info), metadata: info.metadata }, response, call.capabilities);
}
