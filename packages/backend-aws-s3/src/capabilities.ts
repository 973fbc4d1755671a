import { defineCapabilities } from '@storage/core/driver';
import { awsCapabilities, genericCapabilities } from '@storage/s3-protocol';
import type { Service } from './service.ts';

// The records are where the dialect is, which has a probe that asks a service whether they are true.
export { awsCapabilities };

/** What AWS S3 can do; where an option or the service decides, every answer. */
export type AwsS3Capabilities = typeof awsCapabilities;

/** What a service can do with these options. */
export function capabilitiesOf(options: { readonly service: Service; readonly versions: boolean }): AwsS3Capabilities {
  const capabilities = options.service === 'aws' ? awsCapabilities : genericCapabilities;
  return options.versions ? capabilities : defineCapabilities({ ...capabilities, versions: false, undelete: false });
}
