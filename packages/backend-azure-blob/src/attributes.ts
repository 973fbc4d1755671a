import type { BlobHTTPHeaders, Tags } from '@azure/storage-blob';
import { type ContentHeaders, defined, encodeMetadata, type ObjectAttributes } from '@storage/core/driver';

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
    // No tags would be an empty header, which the service refuses.
    ...(tags !== undefined && Object.keys(tags).length > 0 && { tags: { ...tags } }),
    ...defined({ tier }),
  };
}
