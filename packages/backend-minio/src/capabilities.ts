import { type Capabilities, defineCapabilities } from '@storage/core/driver';
import { minioCapabilities } from '@storage/s3-protocol';

// The record is where the dialect is, which has a probe that asks a server whether it is true.
export { minioCapabilities };

/** What MinIO can do. */
export type MinioCapabilities = typeof minioCapabilities;

const withoutVersions = defineCapabilities({ ...minioCapabilities, versions: false, undelete: false });

/** What MinIO can do with these options. */
export function capabilitiesOf({ versions }: { readonly versions: boolean }): Capabilities {
  return versions ? minioCapabilities : withoutVersions;
}
