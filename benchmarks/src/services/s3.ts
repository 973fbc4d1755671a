import type { ContenderInfo } from '../contenders/contender.ts';
import { s3Contenders } from '../contenders/s3/index.ts';
import type { Service } from './service.ts';

export const s3: Service = {
  id: 's3',
  title: 'S3, against MinIO',
  facts: ['over', 'sends with a small body', 'checks on read', 'keeps metadata'],
  contenders: s3Contenders as readonly ContenderInfo[],
  limits: ['limit'],
  without: ['overwrite-1', 'overwrite-16', 'overwrite-64', 'list-100000'],
  witness: 'limit',
  // With stored checksums, so that whoever verifies them has something to verify.
  preparedBy: 'ours',
  summary: {
    rows: ['put-16', 'get-16', 'upload-file', 'download-file', 'tree-up', 'cold-start'],
    contenders: ['limit-checked', 'ours', 'client-s3', 'minio-js', 's3mini', 'files-sdk', 'opendal'],
  },
  notes: [
    '**The limit** is the least a program in JavaScript must do: own SigV4 with a cached signing key, `UNSIGNED-PAYLOAD`, over `node:http`, nothing checked.',
    '*limit, checked* does what ours does with each body besides: SHA-256 of it signed (as plain http needs it), CRC-32 sent and verified.',
    '*aws-crt* has an http client and a signer for Node, no S3 client; of an answer without a body, as puts, deletes and heads have, version 1.33.2 on Linux tells no status (`end` comes without `response`): it only reads.',
  ],
  // Loaded by the process that starts it, not by those that are measured.
  start: async () => (await import('./start-s3.ts')).startS3(),
};
