import type { DeleteMarkerEntry, ObjectVersion } from '@aws-sdk/client-s3';
import type { CallContext, FileVersion } from '@storage/core/driver';
import { keepText } from './answer-text.ts';
import type { Connection } from './connection.ts';
import { decodeKey, present, tierOf, told } from './object-info.ts';

export type KeyVersion = FileVersion;

/** One page of the revisions of one key, newest first. */
export async function listVersions(
  connection: Connection,
  { key, limit, cursor }: { readonly key: string; readonly limit: number; readonly cursor?: string },
  context: CallContext,
): Promise<{ versions: KeyVersion[]; cursor?: string }> {
  const command = new connection.sdk.ListObjectVersionsCommand({
    Bucket: connection.bucket,
    Prefix: key,
    MaxKeys: limit,
    EncodingType: 'url',
    ...(cursor !== undefined && { KeyMarker: key, VersionIdMarker: cursor }),
  });
  const text = keepText(command);
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  told(answer.IsTruncated, 'list of versions');
  const { Versions = [], DeleteMarkers = [] } = answer;
  const found = [
    ...Versions.map((version) => toVersion(connection, version)),
    ...DeleteMarkers.map((marker) => toVersion(connection, marker, true)),
  ];
  // Keys that begin with this one come after it.
  const versions = inOrder(
    found.filter((version) => version.key === key),
    text(),
  );
  const last = versions.at(-1);
  const goesOn = answer.IsTruncated === true && versions.length === found.length && last !== undefined;
  return { versions, ...(goesOn && { cursor: last.versionId }) };
}

/** The SDK sorts deletions apart, and times are not exact enough to sort them in again: the text of the answer is. */
function inOrder(versions: readonly KeyVersion[], text: string): KeyVersion[] {
  const place = ({ versionId }: KeyVersion): number => text.indexOf(`<VersionId>${versionId}</VersionId>`);
  return versions.toSorted((a, b) => place(a) - place(b));
}

function toVersion(
  connection: Connection,
  version: ObjectVersion & DeleteMarkerEntry,
  isDeleteMarker = false,
): KeyVersion {
  const tier = isDeleteMarker ? undefined : tierOf(connection, version.StorageClass);
  return {
    key: decodeKey(present(version.Key, 'key of a version')),
    size: isDeleteMarker ? 0 : present(version.Size, 'size of a version'),
    etag: isDeleteMarker ? '' : present(version.ETag, 'etag of a version'),
    lastModified: present(version.LastModified, 'time of a version'),
    versionId: present(version.VersionId, 'id of a version'),
    isCurrent: version.IsLatest === true,
    isDeleteMarker,
    ...(tier !== undefined && { tier }),
  };
}
