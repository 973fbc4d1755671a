import type { StorageDriver } from '@storage/core/driver';
import { createS3Driver, profiles, type S3Client, type S3DriverOptions } from '@storage/s3-protocol';
import { capabilitiesOf } from './capabilities.ts';
import type { Service } from './service.ts';

/** Where the bucket is, who asks, and what may be done. */
export interface AwsS3DriverOptions extends Omit<S3DriverOptions, 'type' | 'capabilities' | 'profile'> {
  /** Who answers: AWS, or another service that speaks S3. */
  readonly service: Service;
  readonly versions: boolean;
}

/** The driver of one bucket on AWS S3. */
export function createAwsS3Driver(options: AwsS3DriverOptions): StorageDriver<S3Client> {
  const { service, versions, ...target } = options;
  return createS3Driver({
    ...target,
    type: 'aws-s3',
    capabilities: capabilitiesOf({ service, versions }),
    profile: profiles[service],
  });
}
