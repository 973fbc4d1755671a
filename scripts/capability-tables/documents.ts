import { awsCapabilities } from '../../packages/backend-aws-s3/src/capabilities.ts';
import { azureBlobCapabilities } from '../../packages/backend-azure-blob/src/capabilities.ts';
import { localCapabilities } from '../../packages/backend-local/src/capabilities.ts';
import { minioCapabilities } from '../../packages/backend-minio/src/capabilities.ts';
import { memoryCapabilities } from '../../packages/core/src/memory/capabilities.ts';
import type { Audited } from './evidence.ts';
import type { Columns } from './table.ts';

/** A document with a table, and whose capabilities it shows. */
export interface TableDocument {
  readonly path: string;
  readonly columns: Columns;
}

const memory = memoryCapabilities;
const local = localCapabilities;
const MinIO = minioCapabilities;
const AWS = awsCapabilities;
const Azure = azureBlobCapabilities;

/** The document that compares all of them, with the evidence for their claims. */
export const comparison = 'docs/guides/comparison.md';

/** Where the suite writes what it has shown of each. */
export const audited: Readonly<Record<string, Audited>> = {
  memory: { record: memory, files: ['memory'] },
  local: { record: local, files: ['local'] },
  MinIO: { record: MinIO, files: ['minio', 'minio-versioned-by-the-SDK'] },
  AWS: {
    record: AWS,
    files: ['aws-s3-with-another-service', 'aws-s3-with-another-service-versioned', 'aws-s3'],
    // moto ignores the conditions of a copy, checks no signature, and keeps the checksum of no upload in parts.
    documented: ['ifAbsentCopy', 'ifMatchCopy', 'multipart.listIncomplete', 'sign.bindsChecksum', 'storedChecksum'],
  },
  Azure: { record: Azure, files: ['azure-blob'] },
};

export const documents: readonly TableDocument[] = [
  { path: 'packages/backend-local/README.md', columns: { local } },
  { path: 'packages/backend-minio/README.md', columns: { MinIO } },
  { path: 'packages/backend-aws-s3/README.md', columns: { AWS } },
  { path: 'packages/backend-azure-blob/README.md', columns: { Azure } },
  { path: comparison, columns: { memory, local, MinIO, AWS, Azure } },
];
