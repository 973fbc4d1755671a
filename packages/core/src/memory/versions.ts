import type { VersionsMember } from '../driver.ts';
import type { FileVersion } from '../file-info.ts';
import { assertReadable } from './archive.ts';
import type { Reach } from './bucket.ts';
import { invalidArgument, notFound } from './errors.ts';
import { toEntry, toResponse } from './info.ts';
import type { Revision } from './revision.ts';

/** The history of a key. */
export function createVersions(reach: Reach): Required<VersionsMember> {
  return {
    async list({ key, limit, cursor }, context) {
      const newestFirst = [...reach(context).history(key)].reverse();
      const newest = newestFirst[0];
      const rest = cursor === undefined ? newestFirst : newestFirst.filter(olderThan(cursor));
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return {
        versions: page.map((revision) => toVersion(key, revision, revision === newest)),
        ...(last !== undefined && page.length < rest.length && { cursor: last.versionId }),
      };
    },

    async restore({ key, versionId }, context) {
      const bucket = reach(context);
      const object = bucket.find(key, versionId);
      assertReadable(bucket, object);
      return toResponse(bucket, bucket.commit(key, { ...object, token: undefined }));
    },

    async undelete({ key }, context) {
      const bucket = reach(context);
      const history = bucket.history(key);
      const newest = history.findLastIndex((revision) => !revision.isDeleteMarker);
      if (newest === -1) throw notFound(undefined);
      bucket.write(key, history.slice(0, newest + 1));
      return toResponse(bucket, bucket.find(key));
    },
  };
}

// Ids grow with time and have one width; the version itself may be gone since the page that named it.
function olderThan(cursor: string): (revision: Revision) => boolean {
  if (!/^[0-9a-z]{8}$/.test(cursor)) throw invalidArgument('the cursor is not from a list of versions');
  return (revision) => revision.versionId < cursor;
}

function toVersion(key: string, revision: Revision, isCurrent: boolean): FileVersion {
  const { versionId, isDeleteMarker } = revision;
  const entry = isDeleteMarker
    ? { key, size: 0, etag: '', lastModified: new Date(revision.lastModified) }
    : toEntry(key, revision);
  return { ...entry, versionId, isDeleteMarker, isCurrent };
}
