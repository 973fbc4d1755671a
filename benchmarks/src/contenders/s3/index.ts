import type { S3Store } from '../../services/store.ts';
import type { ContenderInfo } from '../contender.ts';

const sdkSettings = {
  text: 'client-s3: performance',
  link: 'https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md',
};

/** Modules are loaded by the process that measures them, so that none has another's memory. */
export const s3Contenders: readonly ContenderInfo<S3Store>[] = [
  {
    id: 'limit',
    label: 'limit',
    kind: 'limit',
    facts: ['node:http', 'nothing', 'nothing', 'yes'],
    open: async (store) => (await import('./limit.ts')).openLimit(store),
  },
  {
    id: 'limit-checked',
    label: 'limit, checked',
    kind: 'limit',
    facts: ['node:http', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    open: async (store) => (await import('./limit.ts')).openLimitChecked(store),
  },
  {
    id: 'ours',
    label: '@storage/backend-minio',
    kind: 'ours',
    facts: ['node:http', 'SHA-256, CRC-32', 'length, CRC-32', 'yes'],
    open: async (store) => (await import('./ours.ts')).openOurs(store),
  },
  {
    id: 'ours-sdk',
    label: "@storage/backend-minio, transport: 'sdk'",
    kind: 'ours',
    facts: ['client-s3', 'SHA-256, CRC-32', 'length, CRC-32', 'yes'],
    open: async (store) => (await import('./ours.ts')).openOursBySdk(store),
  },
  {
    id: 'client-s3',
    label: 'client-s3 as it comes',
    kind: 'peer',
    facts: ['node:http', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    settings: { text: 'defaults', link: 'https://www.npmjs.com/package/@aws-sdk/client-s3' },
    open: async (store) => (await import('./client-s3.ts')).openClientS3(store),
  },
  {
    id: 'client-s3-tuned',
    label: 'client-s3 tuned',
    kind: 'peer',
    facts: ['undici', 'SHA-256', 'nothing', 'yes'],
    settings: sdkSettings,
    open: async (store) => (await import('./client-s3.ts')).openTunedClientS3(store),
  },
  {
    id: 'minio-js',
    label: 'minio-js',
    kind: 'peer',
    facts: ['node:http', 'SHA-256', 'nothing', 'yes'],
    settings: {
      text: 'keep-alive agent, part size 8 MiB',
      link: 'https://github.com/minio/minio-js/blob/master/docs/API.md#constructor',
    },
    open: async (store) => (await import('./minio-js.ts')).openMinioJs(store),
  },
  {
    id: 's3mini',
    label: 's3mini',
    kind: 'peer',
    facts: ['fetch', 'nothing', 'nothing', 'yes'],
    settings: { text: 'defaults', link: 'https://www.npmjs.com/package/s3mini' },
    open: async (store) => (await import('./s3mini.ts')).openS3mini(store),
  },
  {
    id: 'files-sdk',
    label: 'files-sdk',
    kind: 'peer',
    facts: ['client-s3', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    settings: { text: 'multipart for large bodies', link: 'https://files-sdk.dev' },
    open: async (store) => (await import('./files-sdk.ts')).openFilesSdk(store),
  },
  {
    id: 'opendal',
    label: 'opendal (Rust)',
    kind: 'peer',
    facts: ['reqwest', 'nothing', 'length', 'yes'],
    settings: {
      text: 'chunk 8 MiB, concurrent 4',
      link: 'https://docs.rs/opendal/latest/opendal/docs/performance/concurrent_write/index.html',
    },
    open: async (store) => (await import('./opendal.ts')).openOpendal(store),
  },
  {
    id: 'flydrive',
    label: 'flydrive',
    kind: 'peer',
    facts: ['client-s3', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    settings: { text: 'supportsACL: false', link: 'https://flydrive.dev/docs/services/s3' },
    open: async (store) => (await import('./flydrive.ts')).openFlydrive(store),
  },
  {
    id: 'flystorage',
    label: '@flystorage/aws-s3',
    kind: 'peer',
    facts: ['client-s3, lib-storage', 'SHA-256, CRC-32', 'CRC-32', 'no'],
    settings: { text: 'mimeType given', link: 'https://flystorage.dev/adapter/aws-s3/' },
    open: async (store) => (await import('./flystorage.ts')).openFlystorage(store),
  },
  {
    id: 'unstorage',
    label: 'unstorage s3',
    kind: 'peer',
    facts: ['fetch, aws4fetch', 'nothing', 'nothing', 'no'],
    settings: { text: 'defaults', link: 'https://unstorage.unjs.io/drivers/s3' },
    open: async (store) => (await import('./unstorage.ts')).openUnstorage(store),
  },
  {
    id: 'storagesdk',
    label: 'storagesdk',
    kind: 'peer',
    facts: ['client-s3', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    settings: { text: 'multipart for large bodies', link: 'https://www.npmjs.com/package/@storagesdk/adapters' },
    open: async (store) => (await import('./storagesdk.ts')).openStoragesdk(store),
  },
  {
    id: 'tweedegolf',
    label: 'tweedegolf',
    kind: 'peer',
    facts: ['client-s3', 'SHA-256, CRC-32', 'CRC-32', 'yes'],
    settings: { text: 'defaults', link: 'https://www.npmjs.com/package/@tweedegolf/sab-adapter-amazon-s3' },
    open: async (store) => (await import('./tweedegolf.ts')).openTweedegolf(store),
  },
];
