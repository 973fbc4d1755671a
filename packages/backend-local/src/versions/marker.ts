const suffix = '-deleted';

/** The version id of a deletion: it is named after the revision that it deleted. */
export function markerOf(revision: string): string {
  return revision + suffix;
}

/** The revision that a deletion deleted; undefined when the id is not one of a deletion. */
export function deletedRevision(versionId: string): string | undefined {
  return versionId.endsWith(suffix) ? versionId.slice(0, -suffix.length) : undefined;
}
