import multipart from '@fastify/multipart';
import type { StorageBackend } from '@storage/core';
import fastify, { type FastifyInstance } from 'fastify';
import { chunksOf } from './chunks-of.ts';
import { saveUpload } from './save-upload.ts';
import { statusOf } from './status-of.ts';

/** `POST /files`: a form with one `file`. */
export function createFastifyApp(backend: StorageBackend, maxSize: number): FastifyInstance {
  const app = fastify();
  // The backend counts: the plugin's own limit would end the stream early, as if the file were complete.
  app.register(multipart, { limits: { fileSize: Number.POSITIVE_INFINITY } });

  app.post('/files', async (request, reply) => {
    const part = await request.file();
    if (part === undefined) return reply.code(400).send({ error: 'The form has no file.' });
    const upload = { name: part.filename, contentType: part.mimetype, body: chunksOf(part.file) };
    try {
      return await reply.code(201).send(await saveUpload(backend, upload, maxSize));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // What is left of the form is not read.
      return reply.code(statusOf(error)).header('connection', 'close').send({ error: message });
    }
  });
  return app;
}
