import type { AzureStore } from '../../services/store.ts';
import type { ContenderInfo } from '../contender.ts';

/** Modules are loaded by the process that measures them, so that none has another's memory. */
export const azureContenders: readonly ContenderInfo<AzureStore>[] = [
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
    facts: ['node:http', 'MD5', 'MD5', 'yes'],
    open: async (store) => (await import('./limit.ts')).openLimitChecked(store),
  },
  {
    id: 'ours',
    label: '@storage/backend-azure-blob',
    kind: 'ours',
    facts: ['node:http', 'MD5', 'length, MD5', 'yes'],
    open: async (store) => (await import('./ours.ts')).openOurs(store),
  },
  {
    id: 'ours-sdk',
    label: "@storage/backend-azure-blob, transport: 'sdk'",
    kind: 'ours',
    facts: ['storage-blob', 'MD5', 'length, MD5', 'yes'],
    open: async (store) => (await import('./ours.ts')).openOursBySdk(store),
  },
  {
    id: 'storage-blob',
    label: '@azure/storage-blob',
    kind: 'peer',
    facts: ['node:http', 'nothing', 'nothing', 'yes'],
    settings: {
      text: 'blocks of 8 MiB, 4 at once',
      link: 'https://learn.microsoft.com/azure/storage/blobs/storage-blobs-tune-upload-download-javascript',
    },
    open: async (store) => (await import('./storage-blob.ts')).openStorageBlob(store),
  },
  {
    id: 'files-sdk',
    label: 'files-sdk',
    kind: 'peer',
    facts: ['storage-blob', 'nothing', 'nothing', 'yes'],
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
    id: 'flystorage',
    label: '@flystorage/azure-storage-blob',
    kind: 'peer',
    facts: ['storage-blob', 'nothing', 'nothing', 'no'],
    settings: { text: 'mimeType given', link: 'https://flystorage.dev/adapter/azure-storage-blob/' },
    open: async (store) => (await import('./flystorage.ts')).openFlystorage(store),
  },
  {
    id: 'unstorage',
    label: 'unstorage azure',
    kind: 'peer',
    facts: ['storage-blob', 'nothing', 'nothing', 'no'],
    settings: { text: 'defaults', link: 'https://unstorage.unjs.io/drivers/azure' },
    open: async (store) => (await import('./unstorage.ts')).openUnstorage(store),
  },
  {
    id: 'storagesdk',
    label: 'storagesdk',
    kind: 'peer',
    facts: ['storage-blob', 'nothing', 'nothing', 'yes'],
    settings: { text: 'defaults', link: 'https://www.npmjs.com/package/@storagesdk/adapters' },
    open: async (store) => (await import('./storagesdk.ts')).openStoragesdk(store),
  },
  {
    id: 'tweedegolf',
    label: 'tweedegolf',
    kind: 'peer',
    facts: ['storage-blob', 'nothing', 'nothing', 'yes'],
    settings: { text: 'defaults', link: 'https://www.npmjs.com/package/@tweedegolf/sab-adapter-azure-blob' },
    open: async (store) => (await import('./tweedegolf.ts')).openTweedegolf(store),
  },
];
