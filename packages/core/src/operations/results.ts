import type { Capabilities } from '../capabilities.ts';
import type { ObjectAttributes, ObjectInfo, PutResponse } from '../driver.ts';
import type { ContentHeaders, FileInfo, SaveResult } from '../file-info.ts';

/** What a user sees of an object: without the proof of ownership, and with the precision that is declared. */
export function toFileInfo(info: ObjectInfo, capabilities: Capabilities): FileInfo {
  const { token: _hidden, ...visible } = info;
  return capabilities.lastModifiedPrecision === 'second'
    ? { ...visible, lastModified: toSecond(info.lastModified) }
    : visible;
}

/** The result of a write whose attributes are known. */
export function toSaveResult(
  key: string,
  attributes: ObjectAttributes,
  response: PutResponse,
  capabilities: Capabilities,
): SaveResult {
  const { lastModified, ...answered } = response;
  const tier = response.tier ?? attributes.tier;
  return {
    key,
    ...attributes.headers,
    metadata: attributes.metadata,
    ...answered,
    ...(tier === undefined ? {} : { tier }),
    ...(lastModified === undefined || !capabilities.saveReportsLastModified
      ? {}
      : { lastModified: capabilities.lastModifiedPrecision === 'second' ? toSecond(lastModified) : lastModified }),
  };
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
