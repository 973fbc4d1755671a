import { randomBytes } from 'node:crypto';
import {
  type CallContext,
  type CopyRequest,
  defined,
  encodeMetadata,
  named,
  type ObjectAttributes,
  type ObjectInfo,
  type PutResponse,
} from '@storage/core/driver';
import { sameHeaders, tagsToSend } from '../attributes.ts';
import { namingLostRace, writeConditions } from '../conditions.ts';
import { blobOf, type Connection } from '../connection.ts';
import { codeOf } from '../errors.ts';
import { present } from '../object-info.ts';
import { head } from '../read.ts';
import { readTags } from '../tags.ts';
import { copyInBlocks } from './in-blocks.ts';
import type { CopyLimits } from './limits.ts';
import { readableSource } from './source.ts';

/** Copies on the server: in one request where the service can, otherwise in blocks. Complete when it resolves. */
export async function copy(
  connection: Connection,
  request: CopyRequest,
  context: CallContext,
  limits: CopyLimits,
): Promise<PutResponse> {
  const info = await findSource(connection, request, context);
  const attributes = attributesOf(request, info);
  try {
    const inOne = info.size <= limits.oneRequest && sameHeaders(attributes.headers, info);
    if (inOne) return await copyInOneRequest(connection, request, info, attributes, context);
    const tags = attributes.tags ?? (await readTags(connection, request.source, context.signal));
    const { source, key, condition } = request;
    const whole = { source, info, key, attributes: { ...attributes, tags }, condition };
    return await copyInBlocks(connection, whole, context, limits);
  } catch (error) {
    throw namingChangedSource(error, request);
  }
}

/** Of a later attempt, the source may have changed since core has seen it. */
function findSource(connection: Connection, request: CopyRequest, context: CallContext): Promise<ObjectInfo> {
  const { source, sourceInfo } = request;
  if (sourceInfo !== undefined && context.attempt === 1) return Promise.resolve(sourceInfo);
  return head(connection, source, context);
}

/** What the copy will have beside its bytes. The source's own token would make its writer take the copy for its work. */
function attributesOf({ attributes, token, tier }: CopyRequest, info: ObjectInfo): ObjectAttributes {
  const { headers = info, metadata = info.metadata, tags } = attributes ?? {};
  return {
    headers,
    metadata,
    ...defined({ tags, tier: tier ?? attributes?.tier ?? info.tier, token: token ?? attributes?.token }),
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url */
async function copyInOneRequest(
  connection: Connection,
  request: CopyRequest,
  info: ObjectInfo,
  attributes: ObjectAttributes,
  { signal }: CallContext,
): Promise<PutResponse> {
  const { url, authorization } = await readableSource(connection, request.source, signal);
  const { tags, tier } = attributes;
  try {
    const { etag, lastModified, versionId } = await blobOf(connection, request.key).syncCopyFromURL(url, {
      abortSignal: signal,
      metadata: metadataToSend(attributes, info),
      conditions: writeConditions(request.condition),
      sourceConditions: { ifMatch: info.etag },
      ...authorization,
      ...(tags === undefined ? { copySourceTags: 'COPY' } : tagsToSend(tags)),
      ...defined({ tier }),
    });
    const { size, checksum } = info;
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified, versionId, checksum, tier }) };
  } catch (error) {
    throw codeOf(error) === 'SourceConditionNotMet' ? error : namingLostRace(error, request.condition);
  }
}

/** No metadata would mean the source's, its token included: then a token that nobody knows stands for none. */
function metadataToSend(attributes: ObjectAttributes, info: ObjectInfo): Record<string, string> {
  const encoded = encodeMetadata(attributes, 'identifier');
  const sourceHasNone = Object.keys(info.metadata).length === 0 && info.token === undefined;
  if (Object.keys(encoded).length > 0 || sourceHasNone) return encoded;
  return encodeMetadata({ metadata: {}, token: randomBytes(9).toString('base64url') }, 'identifier');
}

/** A source that was replaced meanwhile is nobody's fault, unless the caller named the revision. */
function namingChangedSource(error: unknown, { source, condition }: CopyRequest): unknown {
  const code = codeOf(error);
  // Azurite has one code for both; without a condition on the destination it can only be the source.
  const isSource =
    code === 'SourceConditionNotMet' || (code === 'ConditionNotMet' && Object.keys(condition).length === 0);
  return isSource && source.ifMatch === undefined ? named(error, 'Conflict', 'safe') : error;
}
