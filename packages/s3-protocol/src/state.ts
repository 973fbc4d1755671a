import type { CallContext, StoreState } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';
import { versioningOf } from './versioning.ts';

/** What the bucket has switched on. */
export async function state(connection: Connection, context: CallContext): Promise<StoreState> {
  const command = new connection.sdk.GetBucketVersioningCommand({ Bucket: connection.bucket });
  try {
    const { Status } = await connection.client.send(command, { abortSignal: context.signal });
    return { versioning: versioningOf(Status) };
  } catch (error) {
    // Who may read and write objects need not be allowed to ask this; some services do not know the question.
    if (codeOf(error) === 'AccessDenied' || statusOf(error) === 501) return { versioning: 'unknown' };
    throw error;
  }
}
