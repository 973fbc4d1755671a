import {
  type CallContext,
  compareUtf16,
  decodeMetadata,
  defined,
  type FileEntry,
  type ListRequest,
  type ListResponse,
} from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { whole } from './half-answer.ts';
import { present } from './object-info.ts';
import type { ListedBlob } from './verbs.ts';

/** Where the next page begins: the service's marker, and what `startAfter` still has to pass. */
interface Cursor {
  readonly marker?: string | undefined;
  readonly startAfter?: string | undefined;
}

/** One page of a listing, in the order of the service: by UTF-16 code units. */
export function listPage(wire: Wire, request: ListRequest, { signal }: CallContext): Promise<ListResponse> {
  return whole('a listing', () => readPage(wire, request, signal));
}

async function readPage({ verbs }: Wire, request: ListRequest, signal: AbortSignal): Promise<ListResponse> {
  const from: Cursor =
    request.cursor === undefined ? { startAfter: request.startAfter } : (JSON.parse(request.cursor) as Cursor);
  const { prefix, delimiter, limit, include } = request;
  const includeMetadata = include?.includes('metadata') === true;
  const page = await verbs.listBlobs({ prefix, delimiter, limit, marker: from.marker, includeMetadata }, signal);
  const { startAfter } = from;
  const { marker } = page;
  return {
    entries: page.blobs.filter(({ name }) => isAfter(name, startAfter)).map((blob) => toEntry(blob, include)),
    prefixes: page.prefixes.filter((name) => isAfter(name, startAfter) && startAfter?.startsWith(name) !== true),
    ...(marker !== '' && { cursor: JSON.stringify(defined({ marker, startAfter })) }),
  };
}

function isAfter(name: string, startAfter: string | undefined): boolean {
  return startAfter === undefined || compareUtf16(name, startAfter) > 0;
}

/** One blob of a listing. */
export function toEntry({ name, properties, metadata }: ListedBlob, include: ListRequest['include']): FileEntry {
  return {
    key: name,
    size: present(properties.contentLength, 'size of an object'),
    etag: quoted(properties.etag),
    lastModified: present(properties.lastModified, 'time of an object'),
    ...(properties.accessTier !== undefined && { tier: properties.accessTier }),
    ...(include?.includes('metadata') && {
      metadata: decodeMetadata(metadata, 'identifier').metadata,
      contentType: typeOf(properties),
    }),
  };
}

function typeOf({ contentType = '' }: ListedBlob['properties']): string {
  return contentType === '' ? 'application/octet-stream' : contentType;
}

/** Listings leave out the quotes that every other answer has. */
export function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"`;
}
