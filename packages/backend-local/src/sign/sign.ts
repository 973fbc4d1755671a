import { DriverFault, type SignedRequest, type SignRequest } from '@storage/core/driver';
import type { Task } from '../disk/task.ts';
import type { Store } from '../store.ts';
import { writeUrl } from './grant.ts';
import { urlKey } from './url-key.ts';

/** Signs a request that `requestHandler` will serve. */
export function* sign(store: Store, { expiresIn, ...request }: SignRequest): Task<SignedRequest> {
  const base = store.publicUrl;
  if (base === undefined) {
    throw new DriverFault('InvalidConfig', 'there is no URL under which the files are served', {
      hint: 'set publicUrl to the address of requestHandler(), or call serveUrls() for development',
    });
  }
  const expires = Date.now() + expiresIn * 1000;
  const url = writeUrl(base, { ...request, expires }, yield* urlKey(store));
  return { method: request.method, url, headers: boundHeaders(request), expiresAt: new Date(expires) };
}

/** What must be sent along, since the handler compares it. */
function boundHeaders({
  contentType,
  contentLength,
  ifAbsent,
}: Omit<SignRequest, 'expiresIn'>): Record<string, string> {
  return {
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(contentLength !== undefined && { 'content-length': String(contentLength) }),
    ...(ifAbsent === true && { 'if-none-match': '*' }),
  };
}
