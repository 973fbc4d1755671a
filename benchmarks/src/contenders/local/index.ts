import type { LocalStore } from '../../services/store.ts';
import type { ContenderInfo } from '../contender.ts';

/** Modules are loaded by the process that measures them, so that none has another's memory. */
export const localContenders: readonly ContenderInfo<LocalStore>[] = [
  {
    id: 'limit-promises',
    label: 'node:fs, promises',
    kind: 'limit',
    facts: ['bytes', 'whole or not', 'size and time'],
    open: async (store) => (await import('./limit-promises.ts')).openLimitPromises(store),
  },
  {
    id: 'limit-callbacks',
    label: 'node:fs, callbacks',
    kind: 'limit',
    facts: ['bytes', 'whole or not', 'size and time'],
    open: async (store) => (await import('./limit-callbacks.ts')).openLimitCallbacks(store),
  },
  {
    id: 'limit-checksum',
    label: 'node:fs, callbacks, CRC-32',
    kind: 'limit',
    only: ['upload-stream', 'upload-file', 'download-stream', 'download-file'],
    facts: ['bytes', 'whole or not', 'size and time'],
    open: async (store) => (await import('./limit-callbacks.ts')).openLimitChecksum(store),
  },
  {
    id: 'limit-sync',
    label: 'node:fs, sync calls',
    kind: 'limit',
    facts: ['bytes', 'whole or not', 'size and time'],
    open: async (store) => (await import('./limit-sync.ts')).openLimitSync(store),
  },
  {
    id: 'ours',
    label: '@storage/backend-local',
    kind: 'ours',
    facts: ['metadata, checksum, versions', 'whole or not', 'size and time'],
    open: async (store) => (await import('./ours.ts')).openOurs(store),
  },
  {
    id: 'ours-no-versions',
    label: '@storage/backend-local, versions: false',
    kind: 'ours',
    facts: ['metadata, checksum', 'whole or not', 'size and time'],
    open: async (store) => (await import('./ours.ts')).openOursWithoutVersions(store),
  },
  {
    id: 'flydrive',
    label: 'flydrive',
    kind: 'peer',
    facts: ['bytes', 'in place', 'names'],
    open: async (store) => (await import('./flydrive.ts')).openFlydrive(store),
  },
  {
    id: 'flystorage',
    label: '@flystorage/local-fs',
    kind: 'peer',
    facts: ['bytes', 'in place', 'names'],
    open: async (store) => (await import('./flystorage.ts')).openFlystorage(store),
  },
  {
    id: 'unstorage',
    label: 'unstorage fs',
    kind: 'peer',
    facts: ['bytes', 'in place', 'names'],
    open: async (store) => (await import('./unstorage.ts')).openUnstorage(store),
  },
  {
    id: 'files-sdk',
    label: 'files-sdk fs',
    kind: 'peer',
    facts: ['metadata', 'whole or not', 'size and time'],
    open: async (store) => (await import('./files-sdk.ts')).openFilesSdk(store),
  },
  {
    id: 'opendal',
    label: 'opendal (Rust) fs',
    kind: 'peer',
    facts: ['bytes', 'in place', 'size and time'],
    open: async (store) => (await import('./opendal.ts')).openOpendal(store),
  },
  {
    id: 'storagesdk',
    label: 'storagesdk fs',
    kind: 'peer',
    facts: ['metadata', 'whole or not', 'size and time'],
    open: async (store) => (await import('./storagesdk.ts')).openStoragesdk(store),
  },
  {
    id: 'tweedegolf',
    label: 'tweedegolf local',
    kind: 'peer',
    facts: ['bytes', 'in place', 'names'],
    open: async (store) => (await import('./tweedegolf.ts')).openTweedegolf(store),
  },
];
