import { azureBlobCapabilities } from '../../packages/backend-azure-blob/src/capabilities.ts';
import { localCapabilities } from '../../packages/backend-local/src/capabilities.ts';
import { minioCapabilities } from '../../packages/backend-minio/src/capabilities.ts';
import { memoryCapabilities } from '../../packages/core/src/memory/capabilities.ts';
import type { Columns } from './table.ts';

/** A document with a table, and whose capabilities it shows. */
export interface TableDocument {
  readonly path: string;
  readonly columns: Columns;
}

const memory = memoryCapabilities;
const local = localCapabilities;
const MinIO = minioCapabilities;
const Azure = azureBlobCapabilities;

export const documents: readonly TableDocument[] = [
  { path: 'packages/backend-local/README.md', columns: { local } },
  { path: 'packages/backend-minio/README.md', columns: { MinIO } },
  { path: 'packages/backend-azure-blob/README.md', columns: { Azure } },
  { path: 'docs/guides/choosing-a-backend.md', columns: { memory, local, MinIO, Azure } },
];
