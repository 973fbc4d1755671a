import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { named } from '@storage/core/driver';
import { hasExpired } from './credentials.ts';
import type { BucketRegion } from './region.ts';

/**
 * Sends a request of the SDK once more, after a refusal that taught in which region the bucket is, or that the keys have
 * expired where there are others: a provider need not have known.
 */
export function sendMended(client: S3Client, region: BucketRegion, hasProvider: boolean): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const asked = await client.config.region();
      try {
        return await next(args);
      } catch (error) {
        const isMoved = region.learn(error, asked);
        if (!isMoved && !(hasProvider && hasExpired(error) && (await renewed(client)))) throw error;
        // What has been read of a stream is gone; whoever made it can make it again.
        if ((args.input as { Body?: unknown }).Body instanceof Readable) {
          throw named(error, isMoved ? 'InvalidConfig' : 'Unauthenticated', 'safe');
        }
        return next(args);
      }
    },
    { step: 'initialize', name: 'sendMended' },
  );
}

/** Whether the provider has other keys now. */
async function renewed({ config }: S3Client): Promise<boolean> {
  const before = await config.credentials();
  const after = await config.credentials({ forceRefresh: true });
  return before.accessKeyId !== after.accessKeyId || before.sessionToken !== after.sessionToken;
}
