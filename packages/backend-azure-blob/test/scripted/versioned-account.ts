import { blob, failure, listed, listing, notFound, written } from './documented-answers.ts';
import type { ScriptedAnswer, ScriptedRequest } from './scripted-service.ts';

interface Version {
  readonly versionId: string;
  readonly bytes: string;
  readonly etag: string;
  /** Kept by soft delete. */
  deleted: boolean;
}

interface Blob {
  readonly versions: Version[];
  /** Undefined after a delete, which keeps every version. */
  current: string | undefined;
}

/**
 * An account with blob versioning and soft delete switched on, as far as these tests ask:
 * https://learn.microsoft.com/azure/storage/blobs/versioning-overview
 */
export function versionedAccount(): (request: ScriptedRequest) => ScriptedAnswer {
  const blobs = new Map<string, Blob>();
  let writes = 0;

  function write(key: string, bytes: string): Version {
    writes += 1;
    const versionId = `2026-01-01T00:00:00.${String(writes).padStart(7, '0')}Z`;
    const version = { versionId, bytes, etag: `"0x8DD00000000${writes}"`, deleted: false };
    const known = blobs.get(key) ?? { versions: [], current: undefined };
    known.versions.push(version);
    known.current = versionId;
    blobs.set(key, known);
    return version;
  }

  function find(key: string, versionId: string | undefined): Version | undefined {
    const known = blobs.get(key);
    const wanted = versionId ?? known?.current;
    return known?.versions.find((version) => version.versionId === wanted && !version.deleted);
  }

  function remove(key: string, versionId: string | undefined): ScriptedAnswer {
    const known = blobs.get(key);
    const version = find(key, versionId);
    if (known === undefined || version === undefined) return notFound;
    if (versionId === undefined) known.current = undefined;
    else if (versionId === known.current) {
      return failure(403, 'OperationNotAllowedOnRootBlob', 'The specified operation is not allowed on root blob.');
    } else version.deleted = true;
    return { status: 202, headers: { 'x-ms-delete-type-permanent': 'false' } };
  }

  function undelete(key: string): ScriptedAnswer {
    const known = blobs.get(key);
    if (known === undefined) return notFound;
    // Brings back versions that were deleted; which one is current stays as it is.
    for (const version of known.versions) version.deleted = false;
    return { status: 200 };
  }

  function list(query: URLSearchParams): ScriptedAnswer {
    const withVersions = (query.get('include') ?? '').includes('versions');
    const names = [...blobs.keys()].filter((name) => name.startsWith(query.get('prefix') ?? '')).toSorted();
    return listing(
      names.flatMap((name) => {
        const { versions, current } = blobs.get(name) as Blob;
        return versions
          .filter(({ deleted, versionId }) => !deleted && (withVersions || versionId === current))
          .map(({ versionId, bytes, etag }) => {
            const isCurrent = versionId === current ? '<IsCurrentVersion>true</IsCurrentVersion>' : '';
            const version = withVersions ? `<VersionId>${versionId}</VersionId>${isCurrent}` : '';
            return listed(name, bytes.length, etag, version);
          });
      }),
    );
  }

  function copied(key: string, source: string): ScriptedAnswer {
    const url = new URL(source);
    const [, , , ...from] = url.pathname.split('/');
    const version = find(decodeURIComponent(from.join('/')), url.searchParams.get('versionid') ?? undefined);
    if (version === undefined) return notFound;
    const { etag, versionId } = write(key, version.bytes);
    return written(etag, { 'x-ms-version-id': versionId, 'x-ms-copy-id': 'C1', 'x-ms-copy-status': 'success' }, 202);
  }

  return ({ method, key, query, headers, body }) => {
    const versionId = query.get('versionid') ?? undefined;
    if (query.get('comp') === 'list') return list(query);
    if (query.get('comp') === 'undelete') return undelete(key);
    if (method === 'DELETE') return remove(key, versionId);
    const source = headers['x-ms-copy-source'];
    if (source !== undefined) return copied(key, source);
    if (method === 'PUT') {
      const { etag, versionId: made } = write(key, body.toString());
      return written(etag, { 'x-ms-version-id': made });
    }
    const version = find(key, versionId);
    if (version === undefined) return notFound;
    const isCurrent = blobs.get(key)?.current === version.versionId;
    return blob(version.bytes, {
      etag: version.etag,
      'x-ms-version-id': version.versionId,
      ...(isCurrent && { 'x-ms-is-current-version': 'true' }),
    });
  };
}
