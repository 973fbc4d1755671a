import type { ContenderInfo } from './contender.ts';

/** Modules are loaded by the process that measures them, so that none has another's memory. */
export const contenders: readonly ContenderInfo[] = [
  {
    id: 'limit-promises',
    label: 'node:fs, promises',
    kind: 'limit',
    keeps: 'bytes',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./limit-promises.ts')).openLimitPromises(folder),
  },
  {
    id: 'limit-callbacks',
    label: 'node:fs, callbacks',
    kind: 'limit',
    keeps: 'bytes',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./limit-callbacks.ts')).openLimitCallbacks(folder),
  },
  {
    id: 'limit-checksum',
    label: 'node:fs, callbacks, CRC-32',
    kind: 'limit',
    only: ['save-stream', 'save-file', 'retrieve-stream', 'retrieve-file'],
    keeps: 'bytes',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./limit-callbacks.ts')).openLimitChecksum(folder),
  },
  {
    id: 'limit-sync',
    label: 'node:fs, sync calls',
    kind: 'limit',
    keeps: 'bytes',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./limit-sync.ts')).openLimitSync(folder),
  },
  {
    id: 'ours',
    label: '@storage/backend-local',
    kind: 'ours',
    keeps: 'metadata, checksum, versions',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./ours.ts')).openOurs(folder),
  },
  {
    id: 'ours-no-versions',
    label: '@storage/backend-local, versions: false',
    kind: 'ours',
    keeps: 'metadata, checksum',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./ours.ts')).openOursWithoutVersions(folder),
  },
  {
    id: 'flydrive',
    label: 'flydrive',
    kind: 'peer',
    keeps: 'bytes',
    writes: 'in place',
    lists: 'names',
    open: async (folder) => (await import('./flydrive.ts')).openFlydrive(folder),
  },
  {
    id: 'flystorage',
    label: '@flystorage/local-fs',
    kind: 'peer',
    keeps: 'bytes',
    writes: 'in place',
    lists: 'names',
    open: async (folder) => (await import('./flystorage.ts')).openFlystorage(folder),
  },
  {
    id: 'unstorage',
    label: 'unstorage fs',
    kind: 'peer',
    keeps: 'bytes',
    writes: 'in place',
    lists: 'names',
    open: async (folder) => (await import('./unstorage.ts')).openUnstorage(folder),
  },
  {
    id: 'files-sdk',
    label: 'files-sdk fs',
    kind: 'peer',
    keeps: 'metadata',
    writes: 'whole or not',
    lists: 'size and time',
    open: async (folder) => (await import('./files-sdk.ts')).openFilesSdk(folder),
  },
];

export function contenderOf(id: string): ContenderInfo {
  const found = contenders.find((contender) => contender.id === id);
  if (found === undefined) throw new Error(`there is no contender ${id}`);
  return found;
}
