import type { BlobItem, BlobPrefix, ContainerListBlobsOptions } from '@azure/storage-blob';
import {
  type CallContext,
  compareUtf16,
  decodeMetadata,
  defined,
  type FileEntry,
  type ListRequest,
  type ListResponse,
} from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { whole } from './half-answer.ts';
import { present } from './object-info.ts';

/** Where the next page begins: the service's marker, and what `startAfter` still has to pass. */
interface Cursor {
  readonly marker?: string | undefined;
  readonly startAfter?: string | undefined;
}

/** One page of a listing, in the order of the service: by UTF-16 code units. */
export function listPage(connection: Connection, request: ListRequest, { signal }: CallContext): Promise<ListResponse> {
  return whole('a listing', () => readPage(connection, request, signal));
}

async function readPage({ container }: Connection, request: ListRequest, signal: AbortSignal): Promise<ListResponse> {
  const from: Cursor =
    request.cursor === undefined ? { startAfter: request.startAfter } : (JSON.parse(request.cursor) as Cursor);
  const options: ContainerListBlobsOptions = defined({
    abortSignal: signal,
    prefix: request.prefix === '' ? undefined : request.prefix,
    includeMetadata: request.include?.includes('metadata'),
  });
  const paging = defined({ maxPageSize: request.limit, continuationToken: from.marker });
  const { blobItems, blobPrefixes, marker } =
    request.delimiter === undefined
      ? await firstOf(container.listBlobsFlat(options).byPage(paging))
      : await firstOf(container.listBlobsByHierarchy(request.delimiter, options).byPage(paging));
  const { startAfter } = from;
  return {
    entries: blobItems.filter(({ name }) => isAfter(name, startAfter)).map((item) => toEntry(item, request.include)),
    prefixes: blobPrefixes
      .map(({ name }) => name)
      .filter((name) => isAfter(name, startAfter) && startAfter?.startsWith(name) !== true),
    ...(marker !== '' && { cursor: JSON.stringify(defined({ marker, startAfter })) }),
  };
}

interface Page {
  readonly continuationToken?: string;
  readonly segment: { readonly blobItems: BlobItem[]; readonly blobPrefixes?: BlobPrefix[] };
}

async function firstOf(
  pages: AsyncIterableIterator<Page>,
): Promise<{ blobItems: BlobItem[]; blobPrefixes: BlobPrefix[]; marker: string }> {
  const { value } = (await pages.next()) as IteratorYieldResult<Page>;
  const { blobItems, blobPrefixes = [] } = value.segment;
  return { blobItems, blobPrefixes, marker: value.continuationToken ?? '' };
}

function isAfter(name: string, startAfter: string | undefined): boolean {
  return startAfter === undefined || compareUtf16(name, startAfter) > 0;
}

/** One blob of a listing. */
export function toEntry({ name, properties, metadata }: BlobItem, include: ListRequest['include']): FileEntry {
  return {
    key: name,
    size: present(properties.contentLength, 'size of an object'),
    etag: quoted(properties.etag),
    lastModified: present(properties.lastModified, 'time of an object'),
    ...(properties.accessTier !== undefined && { tier: properties.accessTier }),
    ...(include?.includes('metadata') && {
      metadata: decodeMetadata(metadata, 'identifier').metadata,
      contentType: properties.contentType ?? 'application/octet-stream',
    }),
  };
}

/** Listings leave out the quotes that every other answer has. */
export function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"`;
}
