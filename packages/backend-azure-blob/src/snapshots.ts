import { type CallContext, DriverFault, type ObjectInfo } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
import { copyToItsEnd } from './copy/to-its-end.ts';
import { codeOf } from './errors.ts';
import { whole } from './half-answer.ts';
import { quoted } from './list.ts';
import { present } from './object-info.ts';
import { head } from './read.ts';

/** A blob as it was at a moment. */
export interface BlobSnapshot {
  readonly key: string;
  /** Names the snapshot: the time when it was made, as the service writes it. */
  readonly snapshot: string;
  readonly etag: string;
  readonly lastModified: Date;
}

/** Keeps a blob as it is now. https://learn.microsoft.com/rest/api/storageservices/snapshot-blob */
export async function createSnapshot(connection: Connection, key: string, signal: AbortSignal): Promise<BlobSnapshot> {
  const { snapshot, etag, lastModified } = await blobOf(connection, key).createSnapshot({ abortSignal: signal });
  return {
    key,
    snapshot: present(snapshot, 'x-ms-snapshot'),
    etag: present(etag, 'ETag'),
    lastModified: present(lastModified, 'Last-Modified'),
  };
}

/** Snapshots of exactly this key, newest first. */
export function listSnapshots(connection: Connection, key: string, signal: AbortSignal): Promise<BlobSnapshot[]> {
  return whole('a listing', () => snapshotsOf(connection, key, signal));
}

async function snapshotsOf({ container }: Connection, key: string, signal: AbortSignal): Promise<BlobSnapshot[]> {
  const found: BlobSnapshot[] = [];
  const options = { prefix: key, includeSnapshots: true, abortSignal: signal };
  for await (const { name, snapshot, properties } of container.listBlobsFlat(options)) {
    // The key itself comes before every other that begins with it.
    if (name !== key) break;
    const { etag, lastModified } = properties;
    // Declared to be there always; the blob itself has none.
    if ((snapshot as string | undefined) !== undefined) {
      found.push({ key, snapshot, etag: quoted(etag), lastModified });
    }
  }
  return found.sort((a, b) => (a.snapshot < b.snapshot ? 1 : -1));
}

/** Makes a blob what it was in a snapshot. */
export async function restoreSnapshot(
  connection: Connection,
  key: string,
  snapshot: string,
  context: CallContext,
): Promise<ObjectInfo> {
  const { url } = blobOf(connection, key).withSnapshot(checkSnapshot(snapshot));
  await copyToItsEnd(blobOf(connection, key), url, context);
  return head(connection, { key }, context);
}

/** Deletes a snapshot; one that is not there resolves too. */
export async function deleteSnapshot(
  connection: Connection,
  key: string,
  snapshot: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await blobOf(connection, key).withSnapshot(checkSnapshot(snapshot)).delete({ abortSignal: signal });
  } catch (error) {
    if (codeOf(error) !== 'BlobNotFound') throw error;
  }
}

/** Without one the blob itself would be meant. */
function checkSnapshot(snapshot: unknown): string {
  if (typeof snapshot === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(snapshot)) return snapshot;
  throw new DriverFault('InvalidArgument', 'snapshot must be that of a createSnapshot(key) or getSnapshots(key)');
}
