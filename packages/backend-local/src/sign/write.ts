import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant } from './grant.ts';
import { hasWriteCondition, preconditionStatus } from './preconditions.ts';
import { refuse } from './refuse.ts';
import type { ServedBackend } from './request-handler.ts';

/** What a write must find, so that the conditions that held still hold when it commits. */
interface Found {
  /** Undefined when nothing was there. */
  readonly etag: string | undefined;
}

/** Answers a PUT. */
export async function receive(
  backend: ServedBackend,
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
  // A part of a file must not become the whole.
  if (request.headers['content-range'] !== undefined) {
    refuse(response, 400);
    return;
  }
  const found = await check(backend, grant, request);
  if (found === 'failed') {
    refuse(response, 412);
    return;
  }
  const saved = await backend.save(grant.key, request, {
    ...(type !== undefined && { contentType: type }),
    ...(length !== undefined && { size: Number(length) }),
    ...(grant.checksum !== undefined && { checksum: grant.checksum }),
    ...(found !== undefined && (found.etag === undefined ? { ifAbsent: true } : { ifMatch: found.etag })),
  });
  response.setHeader('etag', saved.etag).writeHead(200).end();
}

/** Answers a DELETE. */
export async function remove(
  backend: ServedBackend,
  grant: Grant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await check(backend, grant, request);
  if (found === 'failed') {
    refuse(response, 412);
    return;
  }
  await backend.delete(grant.key, found?.etag === undefined ? {} : { ifMatch: found.etag });
  response.writeHead(204).end();
}

/** What the conditional headers of a write were compared with; undefined without any. */
async function check(
  backend: ServedBackend,
  { key }: Grant,
  { headers }: IncomingMessage,
): Promise<Found | 'failed' | undefined> {
  if (!hasWriteCondition(headers)) return undefined;
  const info = await backend.getMetadata(key);
  if (info === undefined) return headers['if-match'] === undefined ? { etag: undefined } : 'failed';
  // RFC 9110 §13.1.3: a date to be newer than is for reads only.
  const status = preconditionStatus({ ...headers, 'if-modified-since': undefined }, info);
  return status === 200 ? { etag: info.etag } : 'failed';
}
