import type { BlobHTTPHeaders, Tags } from '@azure/storage-blob';
import {
  type ContentHeaders,
  defined,
  encodeMetadata,
  type ObjectAttributes,
  type ObjectInfo,
} from '@storage/core/driver';

/** Content headers, in the words of the SDK. */
export function blobHeaders(headers: ContentHeaders): BlobHTTPHeaders {
  return defined({
    blobContentType: headers.contentType,
    blobCacheControl: headers.cacheControl,
    blobContentDisposition: headers.contentDisposition,
    blobContentEncoding: headers.contentEncoding,
    blobContentLanguage: headers.contentLanguage,
  });
}

/** What is stored beside the bytes, as Put Blob and Put Block List take it. */
export interface WrittenAttributes {
  readonly blobHTTPHeaders: BlobHTTPHeaders;
  readonly metadata: Record<string, string>;
  readonly tags?: Tags;
  readonly tier?: string;
}

export function writtenAttributes(attributes: ObjectAttributes): WrittenAttributes {
  const { headers, tags, tier } = attributes;
  return {
    blobHTTPHeaders: blobHeaders(headers),
    metadata: encodeMetadata(attributes, 'identifier'),
    ...tagsToSend(tags),
    ...defined({ tier }),
  };
}

/** No tags would be an empty header, which the service refuses. */
export function tagsToSend(tags: ObjectAttributes['tags']): { tags?: Tags } {
  return tags === undefined || Object.keys(tags).length === 0 ? {} : { tags: { ...tags } };
}

const headerNames = [
  'contentType',
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
] as const satisfies (keyof ContentHeaders)[];

export function sameHeaders(a: ContentHeaders, b: ContentHeaders): boolean {
  return headerNames.every((name) => a[name] === b[name]);
}

/** An object's info after its headers and metadata were replaced. */
export function withAttributes(
  info: ObjectInfo,
  headers: ContentHeaders,
  metadata: ObjectInfo['metadata'],
): ObjectInfo {
  const rest = Object.entries(info).filter(([name]) => !(headerNames as readonly string[]).includes(name));
  return { ...(Object.fromEntries(rest) as unknown as ObjectInfo), ...headers, metadata };
}
