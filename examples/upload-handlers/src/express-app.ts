import { isStorageError, type StorageBackend } from '@storage/core';
import express, { type ErrorRequestHandler, type Express } from 'express';
import multer from 'multer';
import { chunksOf } from './chunks-of.ts';
import { multerStorage } from './multer-storage.ts';
import { saveUpload } from './save-upload.ts';
import { statusOf } from './status-of.ts';

/** `POST /files`: a form with one `file`. `PUT /files`: the body is the file. */
export function createExpressApp(backend: StorageBackend, maxSize: number): Express {
  const app = express();
  const form = multer({ storage: multerStorage(backend, maxSize) });

  app.post('/files', form.single('file'), (request, response) => {
    if (request.file === undefined) {
      response.status(400).json({ error: 'The form has no file.' });
      return;
    }
    const { path: key, size, mimetype: contentType } = request.file;
    response.status(201).json({ key, size, contentType });
  });

  app.put('/files', async (request, response) => {
    const upload = { name: undefined, contentType: request.get('content-type'), body: chunksOf(request) };
    try {
      response.status(201).json(await saveUpload(backend, upload, maxSize));
    } catch (error) {
      response
        .status(statusOf(error))
        .set('connection', 'close')
        .json({ error: messageOf(error) });
    }
  });

  app.use(refuse);
  return app;
}

/** What is no `StorageError` comes from the parser: the form is broken. Express knows an error handler by its four parameters. */
const refuse: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  response.status(isStorageError(error) ? statusOf(error) : 400).json({ error: messageOf(error) });
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
