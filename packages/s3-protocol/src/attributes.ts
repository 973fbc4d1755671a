import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { defined, encodeMetadata, type ObjectAttributes } from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { fromEncryption } from './encryption.ts';

/** What a request that makes an object says of it, in the words of the SDK. */
export function fromAttributes(
  { options }: Pick<Wire, 'options'>,
  { headers, metadata, token, tags, tier }: ObjectAttributes,
): Partial<PutObjectCommandInput> {
  return defined({
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentDisposition: headers.contentDisposition,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    Metadata: encodeMetadata({ metadata, token }, 'header'),
    Tagging: tags === undefined ? undefined : toTagging(tags),
    StorageClass: storageClassOf(tier ?? options.storageClass),
    ...fromEncryption(options.encryption),
  });
}

/** Tags as the header takes them. */
function toTagging(tags: Readonly<Record<string, string>>): string {
  return new URLSearchParams(tags).toString();
}

/** The SDK knows the names of its own service; other services have theirs. */
export function storageClassOf(tier: string | undefined): PutObjectCommandInput['StorageClass'] {
  return tier as PutObjectCommandInput['StorageClass'];
}
