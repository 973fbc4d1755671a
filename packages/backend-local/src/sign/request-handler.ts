import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isStorageError, type StorageBackend } from '@storage/core';
import type { ErrorCode, FileInfo } from '@storage/core/driver';
import type { LocalCapabilities } from '../capabilities.ts';
import type { Grant } from './grant.ts';
import { allowsRange, preconditionStatus } from './preconditions.ts';

/** A listener for requests of any Node HTTP server, or a handler of Express. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The grant of a URL whose signature is right; undefined otherwise. */
export type ReadGrant = (url: URL) => Promise<Grant | undefined>;

type Backend = StorageBackend<LocalCapabilities, string>;

const statuses: Partial<Record<ErrorCode, number>> = {
  NotFound: 404,
  BucketNotFound: 404,
  AlreadyExists: 412,
  PreconditionFailed: 412,
  Conflict: 409,
  KeyConflict: 409,
  InvalidKey: 400,
  InvalidArgument: 400,
  InvalidRange: 416,
  ChecksumMismatch: 400,
  LengthMismatch: 400,
  QuotaExceeded: 507,
  Unavailable: 503,
  Timeout: 503,
};

/** Serves what signed URLs allow, and nothing else. */
export function createRequestHandler(backend: Backend, readGrant: ReadGrant): RequestHandler {
  return (request, response) => {
    answer(backend, readGrant, request, response).catch((error: unknown) => {
      refuse(response, isStorageError(error) ? (statuses[error.code] ?? 500) : 500);
    });
  };
}

async function answer(
  backend: Backend,
  readGrant: ReadGrant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Express takes the path of a router off `url`; what was signed is the whole.
  const { originalUrl = request.url ?? '/' } = request as IncomingMessage & { readonly originalUrl?: string };
  const url = URL.parse(originalUrl, 'http://localhost');
  const grant = url === null ? undefined : await readGrant(url);
  if (grant === undefined || grant.method !== request.method || grant.expires <= Date.now()) {
    refuse(response, 403);
    return;
  }
  if (grant.method === 'PUT') await receive(backend, grant, request, response);
  else if (grant.method === 'DELETE') await remove(backend, grant, response);
  else await send(backend, grant, request, response);
}

async function send(backend: Backend, grant: Grant, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { key, versionId } = grant;
  const info = await backend.getMetadata(key, { versionId });
  if (info === undefined) {
    refuse(response, 404);
    return;
  }
  const status = preconditionStatus(request.headers, info);
  const isWhole = !allowsRange(String(request.headers['if-range'] ?? ''), info);
  const range = grant.method === 'HEAD' || isWhole ? undefined : requestedRange(request.headers.range, info.size);
  if (status !== 200 || range === 'unsatisfiable') {
    if (range === 'unsatisfiable' && status === 200)
      response.setHeader('content-range', `bytes */${String(info.size)}`);
    if (status === 304) setHeaders(response, info, grant);
    refuse(response, status === 200 ? 416 : status);
    return;
  }
  if (grant.method === 'HEAD') {
    setHeaders(response, info, grant);
    response.setHeader('content-length', info.size).writeHead(200).end();
    return;
  }
  // Pinned to what the conditions were about; should it be replaced right now, the client asks again.
  await using file = await backend.retrieve(key, { versionId, ifMatch: info.etag, ...(range && { range }) });
  setHeaders(response, file, grant);
  const { start, end } = file.range;
  response.setHeader('content-length', end - start);
  if (range !== undefined) {
    response.setHeader('content-range', `bytes ${String(start)}-${String(end - 1)}/${String(file.size)}`);
  }
  response.writeHead(range === undefined ? 200 : 206);
  await pipeline(file.nodeStream(), response);
}

async function receive(
  backend: Backend,
  grant: Grant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { 'content-type': type, 'content-length': length, 'if-none-match': ifNoneMatch } = request.headers;
  const isAsBound =
    (grant.contentType === undefined || grant.contentType === type) &&
    (grant.contentLength === undefined || String(grant.contentLength) === length) &&
    (grant.ifAbsent !== true || ifNoneMatch === '*');
  if (!isAsBound) {
    refuse(response, 403);
    return;
  }
  const saved = await backend.save(grant.key, request, {
    ...(type !== undefined && { contentType: type }),
    ...(length !== undefined && { size: Number(length) }),
    ...(grant.checksum !== undefined && { checksum: grant.checksum }),
    ...(ifNoneMatch === '*' && { ifAbsent: true }),
  });
  response.setHeader('etag', saved.etag).writeHead(200).end();
}

async function remove(backend: Backend, { key }: Grant, response: ServerResponse): Promise<void> {
  await backend.delete(key);
  response.writeHead(204).end();
}

function setHeaders(response: ServerResponse, info: FileInfo, grant: Grant): void {
  const headers = {
    'content-type': grant.responseContentType ?? info.contentType,
    'content-disposition': grant.responseContentDisposition ?? info.contentDisposition,
    'cache-control': info.cacheControl,
    'content-encoding': info.contentEncoding,
    'content-language': info.contentLanguage,
    etag: info.etag,
    'last-modified': info.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
    // What somebody uploaded is what they said it is, and no script because it looks like one.
    'x-content-type-options': 'nosniff',
  };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
}

/** The one range that a header asks for; several, or something else, are answered with the whole file. */
function requestedRange(header: string | undefined, size: number) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') return Number(last) === 0 || size === 0 ? 'unsatisfiable' : { suffix: Number(last) };
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Ends an answer that has no body, and never tells more than its status. */
function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (status >= 400) for (const name of ['etag', 'last-modified', 'content-type']) response.removeHeader(name);
  // A body that is not read would be taken for the next request.
  if (status >= 400) response.setHeader('connection', 'close');
  response.writeHead(status).end();
}
