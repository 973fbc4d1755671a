import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Capabilities } from '@storage/core/driver';
import type { S3Encryption } from './encryption.ts';
import type { S3Profile } from './profile.ts';

/** Who sends requests. */
export type Transport = 'auto' | 'sdk' | 'direct';

/** What `createS3Driver` is told of a service and of one bucket on it. */
export interface S3DriverOptions {
  /** Name of the backend type. */
  readonly type: string;
  readonly capabilities: Capabilities;
  readonly profile: S3Profile;
  readonly bucketName: string;
  /** @default what the SDK finds: AWS_REGION, or the region of the profile */
  readonly region?: string | undefined;
  /** Address of the service; without one, the SDK's own of the region. */
  readonly endpointUrl?: string | undefined;
  /** Address that signed URLs begin with. @default endpointUrl */
  readonly publicEndpointUrl?: string | undefined;
  /** Keys, or a provider of the SDK; without them, the SDK's default chain. */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']> | undefined;
  /** Values that must never appear in an error. */
  readonly secrets?: readonly string[] | undefined;
  /** Whether the bucket is a part of the path, not of the host name. */
  readonly pathStyle: boolean;
  /** Whether a missing bucket may be created. */
  readonly createBucket: boolean;
  /** Whether a bucket that is created can lock objects. @default false */
  readonly objectLock?: boolean | undefined;
  /** Most connections at once. @default 64 */
  readonly maxConnections?: number | undefined;
  /** Bytes above which a copy is made in parts. @default 5 GiB, the most that one request copies */
  readonly copyInPartsAbove?: number | undefined;
  /** Encryption that every write asks for. @default none: that of the bucket */
  readonly encryption?: S3Encryption | undefined;
  /** Storage class of writes that name none. @default none: that of the service */
  readonly storageClass?: string | undefined;
  /**
   * Who sends the requests that most calls consist of: `sdk`, `direct` (signed here, over `node:http`), or `auto`:
   * direct where that is possible. @default 'auto'
   */
  readonly transport?: Transport | undefined;
  /** Certificate authorities to trust, as PEM. @default those of Node.js */
  readonly ca?: string | undefined;
  /** More options of the SDK's client: `useDualstackEndpoint`, … */
  readonly client?: Partial<S3ClientConfig> | undefined;
}
