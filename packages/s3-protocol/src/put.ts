import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { CallContext, PutRequest, PutResponse } from '@storage/core/driver';
import { fromAttributes } from './attributes.ts';
import { checksumOfBody } from './checksums.ts';
import { fromCondition, refusal } from './conditions.ts';
import type { Wire } from './connection.ts';
import { withNative } from './native.ts';
import { placedIn, present, whatIsStored } from './object-info.ts';

/** Stores an object in one request. */
export async function put(wire: Wire, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { bucket, options, verbs } = wire;
  const { body, condition, integrity, native } = request;
  const input: PutObjectCommandInput = {
    ...withNative(fromAttributes(wire, request.attributes), native),
    Bucket: bucket,
    Key: request.key,
    ContentLength: body.size,
    ...fromCondition(condition),
    ...checksumOfBody(options.profile, body, integrity),
  };
  try {
    const answer = await verbs.putObject(input, body, context.signal);
    return { size: present(body.size, 'size'), ...whatIsStored(wire, answer), ...placedIn(wire, input) };
  } catch (error) {
    throw refusal(error, condition);
  }
}
