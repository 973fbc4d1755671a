import type { Capabilities } from '@storage/core/driver';

/** What `createS3Driver` is told of a service and of one bucket on it. */
export interface S3DriverOptions {
  /** Name of the backend type. */
  readonly type: string;
  readonly capabilities: Capabilities;
  readonly endpointUrl: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucketName: string;
  /** Whether a missing bucket may be created. */
  readonly createBucket: boolean;
  /** The service closes a connection on which it refused a condition (412), without saying so. @default false */
  readonly closesAfterRefusal?: boolean;
  /** The service denies access to a write that races with a delete in the same folder. @default false */
  readonly deniesRacedWrites?: boolean;
}
