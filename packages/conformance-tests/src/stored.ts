import type { FileInfo, SaveOptions } from '@storage/core';

/** Everything but tags and tier that can be stored beside bytes, none of it a default. */
export const storedAttributes: Required<
  Pick<
    SaveOptions,
    'contentType' | 'cacheControl' | 'contentDisposition' | 'contentEncoding' | 'contentLanguage' | 'metadata'
  >
> = {
  contentType: 'text/plain; charset=utf-8',
  cacheControl: 'max-age=60',
  contentDisposition: 'attachment; filename="a.txt"',
  contentEncoding: 'x-none',
  contentLanguage: 'de-AT',
  metadata: { jobId: '456', owner: 'Zoë', empty: '' },
};

/** What two objects with the same content have in common: everything but their names, times and revisions. */
export function withoutIdentity(info: FileInfo): Omit<FileInfo, 'key' | 'etag' | 'lastModified' | 'versionId'> {
  const { key: _key, etag: _etag, lastModified: _lastModified, versionId: _versionId, ...rest } = info;
  return rest;
}
