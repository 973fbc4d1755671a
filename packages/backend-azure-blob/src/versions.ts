import type { BlobItem } from '@azure/storage-blob';
import {
  type CallContext,
  DriverFault,
  type FileVersion,
  type ObjectInfo,
  type PutResponse,
  type StoreState,
  type VersionsMember,
} from '@storage/core/driver';
import { blobOf, type Connection, type Reach } from './connection.ts';
import { copy } from './copy/copy.ts';
import { copyLimits } from './copy/limits.ts';
import { codeOf, statusOf } from './errors.ts';
import { whole } from './half-answer.ts';
import { toEntry } from './list.ts';
import { head } from './read.ts';
import { proveVersion, unknown } from './versions-guard.ts';

type Found = BlobItem & { readonly versionId: string };

/**
 * Versions of an account that has blob versioning switched on.
 * https://learn.microsoft.com/azure/storage/blobs/versioning-overview
 */
export function createVersions(reach: Reach): Required<VersionsMember> {
  return {
    async list({ key, limit, cursor }, { signal }) {
      const found = await versionsOf(await reach().connected(), key, signal);
      const newestFirst = found.toReversed().filter(({ versionId }) => cursor === undefined || versionId < cursor);
      const page = newestFirst.slice(0, limit);
      const last = page.at(-1);
      const versions = page.map(toVersion);
      return newestFirst.length > page.length && last ? { versions, cursor: last.versionId } : { versions };
    },

    async restore({ key, versionId }, context) {
      const connection = await reach().connected();
      await proveVersion(connection, key, versionId, context.signal);
      return promote(connection, key, versionId, context);
    },

    async undelete({ key }, context) {
      const connection = await reach().connected();
      const there = await present(connection, key, context);
      if (there !== undefined) return toResponse(there);
      await undeleteBlob(connection, key, context.signal);
      const restored = await present(connection, key, context);
      if (restored !== undefined) return toResponse(restored);
      const newest = (await versionsOf(connection, key, context.signal)).at(-1);
      if (newest === undefined) throw new DriverFault('NotFound', 'nothing of this key can be brought back');
      return promote(connection, key, newest.versionId, context);
    },
  };
}

/** Whether the account keeps versions, as far as its answers tell. */
export async function versioningOf(connection: Connection, signal: AbortSignal): Promise<StoreState> {
  const { versions } = connection;
  versions.known ||= await whole('a listing', () => listsVersions(connection, signal));
  if (versions.given === false) return { versioning: versions.known ? 'suspended' : 'off' };
  return { versioning: versions.known ? 'on' : 'unknown' };
}

async function listsVersions({ container }: Connection, signal: AbortSignal): Promise<boolean> {
  const options = { includeVersions: true, abortSignal: signal };
  for await (const { segment } of container.listBlobsFlat(options).byPage({ maxPageSize: 1 })) {
    return segment.blobItems.some(({ versionId }) => versionId !== undefined);
  }
  return false;
}

/**
 * Brings back what soft delete has kept: blobs, and versions and snapshots that were deleted. One that is not there
 * rejects as the service does. https://learn.microsoft.com/rest/api/storageservices/undelete-blob
 */
export async function undeleteBlob(connection: Connection, key: string, signal: AbortSignal): Promise<void> {
  try {
    await blobOf(connection, key).undelete({ abortSignal: signal });
  } catch (error) {
    // Nothing of it was soft-deleted; its versions may be there all the same.
    if (codeOf(error) !== 'BlobNotFound') throw error;
  }
}

async function present(connection: Connection, key: string, context: CallContext): Promise<ObjectInfo | undefined> {
  try {
    return await head(connection, { key }, context);
  } catch (error) {
    if (statusOf(error) === 404 && codeOf(error) !== 'ContainerNotFound') return undefined;
    throw error;
  }
}

/** Every version of exactly this key, oldest first: the ids are times. */
function versionsOf(connection: Connection, key: string, signal: AbortSignal): Promise<readonly Found[]> {
  return whole('a listing', () => listVersions(connection, key, signal));
}

async function listVersions(
  { container, versions }: Connection,
  key: string,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const found: BlobItem[] = [];
  const options = { prefix: key, includeVersions: true, abortSignal: signal };
  for await (const item of container.listBlobsFlat(options)) {
    // The key itself comes before every other that begins with it.
    if (item.name !== key) break;
    found.push(item);
  }
  const withId = found.filter((item): item is Found => item.versionId !== undefined);
  if (withId.length > 0) versions.known = true;
  // Blobs from before versioning was switched on have no id until they are written again.
  if (!versions.known && found.length > 0) throw unknown();
  return withId.sort((a, b) => (a.versionId < b.versionId ? -1 : 1));
}

/** Copies an earlier version over the blob, which makes it the newest one. */
function promote(connection: Connection, key: string, versionId: string, context: CallContext): Promise<PutResponse> {
  const limits = connection.options.copyLimits ?? copyLimits;
  return copy(connection, { source: { key, versionId }, key, condition: {} }, context, limits);
}

function toVersion(item: Found): FileVersion {
  const { versionId, isCurrentVersion = false } = item;
  return { ...toEntry(item, undefined), versionId, isCurrent: isCurrentVersion, isDeleteMarker: false };
}

function toResponse({ size, etag, lastModified, versionId, checksum, tier }: ObjectInfo): PutResponse {
  return {
    size,
    etag,
    lastModified,
    ...(versionId !== undefined && { versionId }),
    ...(checksum !== undefined && { checksum }),
    ...(tier !== undefined && { tier }),
  };
}
