import type { CallContext, ObjectInfo, SetMetadataRequest } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { makeCopy } from './copy.ts';
import { asItWas } from './encryption.ts';
import { head } from './read.ts';

/** Replaces metadata and headers by a copy of the object onto itself, which is refused when it has changed. */
export async function setMetadata(
  connection: Connection,
  { key, headers, metadata, ifMatch }: SetMetadataRequest,
  context: CallContext,
): Promise<ObjectInfo> {
  const info = await head(connection, { key, ...(ifMatch !== undefined && { ifMatch }) }, context);
  const { token, tier } = info;
  const attributes = { headers, metadata, ...(token !== undefined && { token }) };
  const answer = await makeCopy(
    connection,
    {
      source: { key },
      info,
      key,
      attributes,
      condition: {},
      // What a copy does not take along by itself.
      encryption: asItWas(info.encryption),
      ...(tier !== undefined && { tier }),
    },
    context,
  );
  // A copy in parts does not say when it was made.
  if (answer.lastModified === undefined) return head(connection, { key }, context);
  const { cacheControl: _, contentDisposition: __, contentEncoding: ___, contentLanguage: ____, ...kept } = info;
  return { ...kept, ...headers, metadata, ...answer };
}
