import type { ServerResponse } from 'node:http';

/**
 * Ends an answer that has no body, and never tells more than its status. What the client still sends is read and dropped by
 * Node: to close the connection instead would often cost the client this answer.
 */
export function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (status >= 400) for (const name of ['etag', 'last-modified', 'content-type']) response.removeHeader(name);
  response.writeHead(status).end();
}
