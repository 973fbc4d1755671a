import type { StorageBackend } from '@storage/core';
import { saveUpload } from './save-upload.ts';
import { statusOf } from './status-of.ts';

/** The same for everything that speaks `Request` and `Response`: Hono, Bun, Deno, Next.js routes, service workers. */
export function createFetchHandler(backend: StorageBackend, maxSize: number): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      // A `Request` is a body; its `content-type` is the file's.
      const stored = await saveUpload(backend, { name: undefined, contentType: undefined, body: request }, maxSize);
      return Response.json(stored, { status: 201 });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return Response.json({ error: message }, { status: statusOf(error) });
    }
  };
}
