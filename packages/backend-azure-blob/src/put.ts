import { type CallContext, defined, type PutRequest, type PutResponse } from '@storage/core/driver';
import { writtenAttributes } from './attributes.ts';
import { namingLostRace, writeConditions } from './conditions.ts';
import type { Wire } from './connection.ts';
import { checksumOf, present } from './object-info.ts';
import { hashing, md5Of } from './send-body.ts';
import type { SizedBody, UploadAnswer, UploadInput } from './verbs.ts';

/** Stores an object in one request. */
export async function put(wire: Wire, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const size = present(request.body.size, 'size');
  try {
    const answer = await upload(wire, request, { ...request.body, size }, context);
    const { etag, lastModified, versionId, contentMD5 } = answer;
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified, versionId }), ...checksumOf(contentMD5) };
  } catch (error) {
    throw namingLostRace(error, request.condition);
  }
}

async function upload(
  wire: Wire,
  { key, attributes, condition, integrity, native }: PutRequest,
  body: SizedBody,
  { signal }: CallContext,
): Promise<UploadAnswer> {
  const input: UploadInput = {
    ...writtenAttributes(attributes),
    conditions: writeConditions(condition),
    ...(integrity === 'default' && body.pieces !== undefined && { transactionalContentMD5: md5Of(body.pieces) }),
    ...(native !== undefined && { native: native as object }),
  };
  const verbs = native === undefined ? wire.verbs : wire.sdkVerbs;
  if (integrity === 'none' || body.pieces !== undefined) return verbs.upload({ key }, input, body, signal);
  const hashed = hashing(body);
  const answer = await verbs.upload({ key }, input, hashed.body, signal);
  hashed.check(answer.contentMD5);
  return answer;
}
