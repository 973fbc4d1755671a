import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isStorageError, type RetrievedFile } from '@storage/core';
import type { FileInfo } from '@storage/core/driver';
import type { Grant } from './grant.ts';
import { allowsRange, preconditionStatus } from './preconditions.ts';
import { refuse } from './refuse.ts';
import type { ServedBackend } from './request-handler.ts';

type Range = { readonly start: number; readonly end: number } | { readonly suffix: number };

/** Answers a GET or HEAD. */
export async function send(
  backend: ServedBackend,
  grant: Grant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const info = await backend.getMetadata(grant.key, { versionId: grant.versionId });
  if (info === undefined) {
    refuse(response, 404);
    return;
  }
  const status = preconditionStatus(request.headers, info);
  if (status !== 200) {
    if (status === 304) setHeaders(response, info, grant);
    refuse(response, status);
    return;
  }
  if (grant.method === 'HEAD') {
    setHeaders(response, info, grant);
    response.setHeader('content-length', info.size).writeHead(200).end();
    return;
  }
  const isWhole = !allowsRange(String(request.headers['if-range'] ?? ''), info);
  const range = isWhole ? undefined : requestedRange(request.headers.range, info.size);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${String(info.size)}`);
    refuse(response, 416);
    return;
  }
  const file = await retrieveSame(backend, info, grant.versionId, range);
  if (file === undefined) await send(backend, grant, request, response);
  else await sendFile(response, file, grant, range !== undefined);
}

/** The bytes of what the conditions were about; undefined when it was replaced meanwhile, so that all is decided anew. */
async function retrieveSame(
  backend: ServedBackend,
  { key, etag }: FileInfo,
  versionId: string | undefined,
  range: Range | undefined,
): Promise<RetrievedFile | undefined> {
  try {
    return await backend.retrieve(key, { versionId, ifMatch: etag, ...(range && { range }) });
  } catch (error) {
    if (isStorageError(error) && error.code === 'PreconditionFailed') return undefined;
    throw error;
  }
}

async function sendFile(response: ServerResponse, body: RetrievedFile, grant: Grant, isPart: boolean): Promise<void> {
  await using file = body;
  setHeaders(response, file, grant);
  const { start, end } = file.range;
  response.setHeader('content-length', end - start);
  if (isPart) {
    response.setHeader('content-range', `bytes ${String(start)}-${String(end - 1)}/${String(file.size)}`);
  }
  response.writeHead(isPart ? 206 : 200);
  await pipeline(file.nodeStream(), response);
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
function requestedRange(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '')
    return Number(last) === 0 || size === 0 ? 'unsatisfiable' : { suffix: Math.min(Number(last), size) };
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}
