import { type AddedCall, DriverFault } from '@storage/core/driver';
import { bucketCall, keepDriver, profiles, type S3Bucket } from '@storage/s3-protocol';
import type { AwsS3DriverOptions, createAwsS3Driver } from './driver.ts';
import type { Service } from './service.ts';

/** Remembers what `bucketSetting` needs. */
export function keepBucket(
  backend: object,
  driver: ReturnType<typeof createAwsS3Driver>,
  { bucketName, service }: AwsS3DriverOptions,
): void {
  keepDriver(backend, { driver, bucketName, profile: profiles[service] });
}

/** A call about the bucket itself, which cannot be made by the name of an access point; `work` makes one attempt. */
export function bucketSetting<T>(
  backend: object,
  call: Omit<AddedCall<T>, 'run'>,
  work: (bucket: S3Bucket, service: Service) => Promise<T>,
): Promise<T> {
  return bucketCall(backend, call, (bucket) => {
    if (bucket.Bucket.startsWith('arn:')) {
      throw new DriverFault('Unsupported', 'an access point has no settings of its bucket', {
        hint: 'ask a backend whose bucketName is that of the bucket',
      });
    }
    return work(bucket, bucket.profile.name === 'aws' ? 'aws' : 'generic');
  });
}

/** Refuses what only AWS has. Throws `Unsupported`. */
export function requireAws(service: Service): void {
  if (service === 'aws') return;
  throw new DriverFault('Unsupported', 'only AWS has Intelligent-Tiering', {
    hint: "set service: 'aws' if the service at endpointUrl has it too",
  });
}
