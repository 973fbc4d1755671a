import type { Harness } from '@storage/conformance-tests';

/** Where Azurite is not as the service is. */
export const deviations: NonNullable<Harness['deviations']> = {
  73: {
    reason: 'Azurite names the tier in its answer to HEAD alone; the service does in its answer to GET as well.',
    link: 'https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/storage/storage-blob/src/generated/src/models/index.ts',
  },
  135: { reason: 'A container has no symbolic links.' },
  254: { reason: 'A container has no symbolic links.' },
  161: {
    title: 'restoreArchived is asked for once or twice',
    reason: 'Azurite rehydrates at once, so that no blob is ever on its way back from the archive.',
    link: 'https://github.com/Azure/Azurite#differences-between-azurite-and-azure-storage',
  },
  164: {
    reason: 'Azurite collects metadata in a plain object, so that `constructor` meets the function of that name.',
    link: 'https://github.com/Azure/Azurite/blob/main/src/common/utils/utils.ts',
  },
};
