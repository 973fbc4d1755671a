import type { IncomingMessage, ServerResponse } from 'node:http';
import { isStorageError, type StorageBackend } from '@storage/core';
import type { ErrorCode } from '@storage/core/driver';
import type { LocalCapabilities } from '../capabilities.ts';
import type { Grant } from './grant.ts';
import { refuse } from './refuse.ts';
import { send } from './send.ts';
import { receive, remove } from './write.ts';

/** A listener for requests of any Node HTTP server, or a handler of Express. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The grant of a URL whose signature is right; undefined otherwise. */
export type ReadGrant = (url: URL) => Promise<Grant | undefined>;

/** What the handler serves. */
export type ServedBackend = StorageBackend<LocalCapabilities, string>;

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
  Closed: 503,
};

/** Serves what signed URLs allow, and nothing else. */
export function createRequestHandler(backend: ServedBackend, readGrant: ReadGrant): RequestHandler {
  return (request, response) => {
    answer(backend, readGrant, request, response).catch((error: unknown) => {
      refuse(response, isStorageError(error) ? (statuses[error.code] ?? 500) : 500);
    });
  };
}

async function answer(
  backend: ServedBackend,
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
  else if (grant.method === 'DELETE') await remove(backend, grant, request, response);
  else await send(backend, grant, request, response);
}
