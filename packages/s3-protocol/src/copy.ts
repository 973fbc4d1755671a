import {
  type CallContext,
  type CopyRequest,
  DriverFault,
  type ObjectAttributes,
  type ObjectInfo,
  type PutResponse,
} from '@storage/core/driver';
import { isConditional } from './conditions.ts';
import type { Connection } from './connection.ts';
import { copyInParts, wholeAttributes } from './copy-in-parts.ts';
import { copyInOneRequest, type ObjectCopy } from './copy-object.ts';
import { isChangedSource } from './copy-source.ts';
import { headersOf } from './object-info.ts';
import { put } from './put.ts';
import { head } from './read.ts';

// The most that one request copies.
const oneRequest = 5 * 1024 ** 3;

/** Copies on the server what the source is at one moment: its bytes and what is said of them. */
export async function copy(connection: Connection, request: CopyRequest, context: CallContext): Promise<PutResponse> {
  const { source, sourceInfo } = request;
  try {
    const info = sourceInfo ?? (await head(connection, source, context));
    return await makeCopy(connection, copyOf(request, info), context);
  } catch (error) {
    if (!isChangedSource(error) || source.ifMatch !== undefined) throw error;
    // Somebody wrote the source since its info was read.
    const info = await head(connection, source, context);
    return makeCopy(connection, copyOf(request, info), context).catch((again: unknown) => {
      if (!isChangedSource(again)) throw again;
      throw new DriverFault('Conflict', 'the source is written all the time', { retryable: 'safe', cause: again });
    });
  }
}

/** Copies in the way that the size and the condition need. */
export function makeCopy(connection: Connection, plan: ObjectCopy, context: CallContext): Promise<PutResponse> {
  const { copyInPartsAbove = oneRequest, profile } = connection.options;
  const inParts = isConditional(plan.condition) && profile.conditionalCopy === 'complete';
  if (inParts && plan.info.size === 0) return putEmpty(connection, plan, context);
  if (inParts || plan.info.size > copyInPartsAbove) return copyInParts(connection, plan, context);
  return copyInOneRequest(connection, plan, context);
}

function copyOf(request: CopyRequest, info: ObjectInfo): ObjectCopy {
  const { source, key, condition } = request;
  const { versionId } = source;
  return {
    source: { key: source.key, ...(versionId !== undefined && { versionId }) },
    info,
    key,
    condition,
    ...attributesOf(request, info),
  };
}

/** The attributes of the copy. The source's token is never copied: it would prove a write that was not made. */
function attributesOf(
  { attributes, token, tier }: CopyRequest,
  info: ObjectInfo,
): { attributes?: ObjectAttributes; tier?: string } {
  const newTier = tier ?? attributes?.tier;
  const placed = newTier === undefined ? {} : { tier: newTier };
  const owned = token === undefined ? {} : { token };
  if (attributes !== undefined) return { attributes: { ...attributes, ...owned }, ...placed };
  if (token === undefined && info.token === undefined) return placed;
  return { attributes: { headers: headersOf(info), metadata: info.metadata, ...owned }, ...placed };
}

/** Nothing can be copied in parts of nothing. */
async function putEmpty(connection: Connection, plan: ObjectCopy, context: CallContext): Promise<PutResponse> {
  const { key, condition } = plan;
  const attributes = await wholeAttributes(connection, plan, context);
  const body = { size: 0, pieces: [], async *open() {} };
  return put(connection, { key, condition, attributes, body, integrity: 'default' }, context);
}
