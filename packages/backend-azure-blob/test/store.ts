import { randomBytes } from 'node:crypto';
import type { Harness, Leftover } from '@storage/conformance-tests';
import type { AzureBlobAccess } from '@storage/conformance-tests/servers';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

/** A container of its own in an account, as the suite wants it. */
export function harnessOf(access: AzureBlobAccess, always: AzureBlobOptions = {}): Harness {
  const containerName = `conformance-${randomBytes(6).toString('hex')}`;
  const make = (options?: Partial<AzureBlobOptions>): AzureBlobBackend =>
    new AzureBlobBackend({ ...access, containerName, createContainer: true, ...always, ...options });
  const admin = make();
  // For the process that memory is measured in.
  process.env['AZURE_MEASURED'] = JSON.stringify({ ...access, containerName, createContainer: true, ...always });
  return {
    make,
    makeMissing: () => make({ containerName: 'is-not-there', createContainer: false }),
    makeDenied: () => make({ accountKey: Buffer.alloc(64).toString('base64') }),
    server: {
      endpointUrl: access.endpointUrl,
      makeAt: (endpointUrl, options) => make({ ...options, endpointUrl }),
    },
    reset: async () => {
      // A write, since only writes create the container.
      await admin.save('first', '');
      await admin.deletePrefix('', { allowAll: true });
    },
    childScript: new URL('measure.child.ts', import.meta.url),
    listLeftovers: (key) => uncommitted(admin, key),
    plant: async (item) => {
      if (item.kind === 'symlink') throw new Error('A container has no symbolic links.');
      const bytes = item.kind === 'file' ? item.bytes : new Uint8Array();
      const container = await admin.native();
      await container.uploadBlockBlob(item.key, Buffer.from(bytes), bytes.byteLength);
    },
    dropsDots: true,
    secrets: [access.accountKey],
    evidence: 'emulator',
    // More than the 5,000 objects of a page take Azurite a minute: only in the long run.
    limits: process.env['STORAGE_TESTS_LONG'] === '1' ? {} : { servicePage: 1000 },
  };
}

async function uncommitted(admin: AzureBlobBackend, key: string): Promise<readonly Leftover[]> {
  const container = await admin.native();
  const leftovers: Leftover[] = [];
  for await (const blob of container.listBlobsFlat({ prefix: key, includeUncommitedBlobs: true })) {
    const { uncommittedBlocks = [] } = await container.getBlockBlobClient(blob.name).getBlockList('uncommitted');
    leftovers.push(...uncommittedBlocks);
  }
  return leftovers;
}
