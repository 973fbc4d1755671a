import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { CallContext, PutRequest, PutResponse } from '@storage/core/driver';
import { fromAttributes } from './attributes.ts';
import { checksumOfBody } from './checksums.ts';
import { fromCondition, refusal } from './conditions.ts';
import type { Connection } from './connection.ts';
import { withNative } from './native.ts';
import { placedIn, present, whatIsStored } from './object-info.ts';
import { sendBody } from './send-body.ts';

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { client, sdk, options } = connection;
  const { body, condition, integrity } = request;
  const input: PutObjectCommandInput = {
    ...withNative(fromAttributes(connection, request.attributes), request.native),
    Bucket: connection.bucket,
    Key: request.key,
    ContentLength: body.size,
    ...fromCondition(condition),
    ...checksumOfBody(options.profile, body, integrity),
  };
  try {
    const answer = await sendBody(
      connection,
      body,
      context.signal,
      (Body) => new sdk.PutObjectCommand({ ...input, Body }),
      (command, abortSignal) => client.send(command, { abortSignal }),
    );
    return { size: present(body.size, 'size'), ...whatIsStored(connection, answer), ...placedIn(connection, input) };
  } catch (error) {
    throw refusal(error, condition);
  }
}
