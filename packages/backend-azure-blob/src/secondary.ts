import type { RequestChange } from './request-change.ts';

/** Sends reads to the other region of a geo-redundant account. What writes is not sent: the driver is read-only then. */
export function readingFrom(endpointUrl: string, secondaryEndpoint: string): RequestChange {
  return (request) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && request.url.startsWith(endpointUrl)) {
      request.url = secondaryEndpoint + request.url.slice(endpointUrl.length);
    }
  };
}
