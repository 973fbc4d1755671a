import type { Capabilities } from '../capabilities.ts';
import type { ObjectAttributes, ObjectInfo, PutResponse } from '../driver.ts';
import type { ContentHeaders, FileInfo, SaveResult } from '../file-info.ts';
import type { Writable } from '../record.ts';

/** What a user sees of an object: without the proof of ownership, and with the precision that is declared. */
export function toFileInfo(info: ObjectInfo, capabilities: Capabilities): FileInfo {
  const visible: Writable<FileInfo> = withoutToken(info);
  if (capabilities.lastModifiedPrecision === 'second') visible.lastModified = toSecond(info.lastModified);
  return visible;
}

/** The same, put into an object that has more to it. */
export function putInfo<T extends object>(target: T, info: ObjectInfo, capabilities: Capabilities): T & FileInfo {
  const visible: T & Writable<FileInfo> = Object.assign(target, 'token' in info ? withoutToken(info) : info);
  if (capabilities.lastModifiedPrecision === 'second') visible.lastModified = toSecond(info.lastModified);
  return visible;
}

/** A copy; few objects have a token, and leaving a member out costs more than the copy. */
function withoutToken(info: ObjectInfo): FileInfo {
  if (!('token' in info)) return { ...info };
  const { token: _hidden, ...visible } = info;
  return visible;
}

/** The result of a write whose attributes are known. */
export function toSaveResult(
  key: string,
  attributes: ObjectAttributes,
  response: PutResponse,
  capabilities: Capabilities,
): SaveResult {
  const { size, etag, lastModified, versionId, checksum, encryption } = response;
  const tier = response.tier ?? attributes.tier;
  const result: Writable<SaveResult> = {
    key,
    ...attributes.headers,
    metadata: attributes.metadata,
    size,
    etag,
  };
  if (versionId !== undefined) result.versionId = versionId;
  if (checksum !== undefined) result.checksum = checksum;
  if (encryption !== undefined) result.encryption = encryption;
  if (tier !== undefined) result.tier = tier;
  if (lastModified !== undefined && capabilities.saveReportsLastModified) {
    result.lastModified = capabilities.lastModifiedPrecision === 'second' ? toSecond(lastModified) : lastModified;
  }
  return result;
}

/** The headers of an object, alone. */
export function headersOf(info: ContentHeaders): ContentHeaders {
  const { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage } = info;
  return {
    contentType,
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(contentDisposition === undefined ? {} : { contentDisposition }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(contentLanguage === undefined ? {} : { contentLanguage }),
  };
}

/** The answer of a write as it follows from a read of what it wrote. */
export function responseFromInfo(info: ObjectInfo): PutResponse {
  const { size, etag, lastModified, versionId, checksum, tier, encryption } = info;
  return {
    size,
    etag,
    lastModified,
    ...(versionId === undefined ? {} : { versionId }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(tier === undefined ? {} : { tier }),
    ...(encryption === undefined ? {} : { encryption }),
  };
}

/** Listings and heads agree to the second. */
export function toSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
