import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';

/** A bucket on a service, and who asks. */
export interface ProbeTarget {
  /** Must exist. */
  readonly bucketName: string;
  readonly region: string;
  /** @default that of AWS in the region */
  readonly endpointUrl?: string | undefined;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Belongs to temporary keys. */
  readonly sessionToken?: string | undefined;
  /** Whether the bucket is a part of the path, not of the host name. @default true where an endpointUrl is given */
  readonly pathStyle?: boolean | undefined;
}

/**
 * A client that adds nothing of its own: no retries, and no checksums that were not asked for.
 *
 * @param keepAlive one connection for all requests; else each has its own, and how one ends cannot spoil the next
 */
export function clientOf(target: ProbeTarget, { keepAlive }: { readonly keepAlive: boolean }): S3Client {
  const { accessKey, secretKey, sessionToken, endpointUrl, region } = target;
  const connections = keepAlive ? { keepAlive, maxSockets: 1 } : { keepAlive };
  return new S3Client({
    region,
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    credentials: {
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
    forcePathStyle: target.pathStyle ?? endpointUrl !== undefined,
    maxAttempts: 1,
    requestHandler: {
      httpAgent: new HttpAgent(connections),
      httpsAgent: new HttpsAgent(connections),
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    },
    expectContinueHeader: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
