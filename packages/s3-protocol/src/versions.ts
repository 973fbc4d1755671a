import type { CallContext, PutResponse, VersionsMember } from '@storage/core/driver';
import { DriverFault } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { copy } from './copy.ts';
import { type KeyVersion, listVersions } from './list-versions.ts';
import { toPutResponse } from './object-info.ts';
import { head } from './read.ts';
import { remove } from './remove.ts';

/** The history of a key. */
export function createVersions(connected: () => Promise<Connection>): Required<VersionsMember> {
  return {
    list: async (request, context) => listVersions(await connected(), request, context),
    restore: async ({ key, versionId }, context) =>
      copy(await connected(), { source: { key, versionId }, key, condition: {} }, context),
    undelete: async ({ key }, context) => undelete(await connected(), key, context),
  };
}

/** Removes the deletions on top of the newest version. */
async function undelete(connection: Connection, key: string, context: CallContext): Promise<PutResponse> {
  for (const { versionId } of await deletionsOnTop(connection, key, context)) {
    await remove(connection, { key, versionId }, context);
  }
  return toPutResponse(await head(connection, { key }, context));
}

async function deletionsOnTop(connection: Connection, key: string, context: CallContext): Promise<KeyVersion[]> {
  const deletions: KeyVersion[] = [];
  let cursor: string | undefined;
  do {
    const request = { key, limit: 100, ...(cursor !== undefined && { cursor }) };
    const page = await listVersions(connection, request, context);
    for (const version of page.versions) {
      if (!version.isDeleteMarker) return deletions;
      deletions.push(version);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  throw new DriverFault('NotFound', 'there is no version to bring back');
}
