import type { StorageBackend } from '@storage/core';
import type { StorageEngine } from 'multer';
import { chunksOf } from './chunks-of.ts';
import { saveUpload } from './save-upload.ts';

/** A multer engine: each file of a form goes to the backend as it arrives, `file.path` is its key. */
export function multerStorage(backend: StorageBackend, maxSize: number): StorageEngine {
  return {
    _handleFile(_request, file, done) {
      const upload = { name: file.originalname, contentType: file.mimetype, body: chunksOf(file.stream) };
      saveUpload(backend, upload, maxSize).then(
        ({ key, size, contentType }) => done(null, { path: key, size, mimetype: contentType }),
        (error: unknown) => done(error),
      );
    },
    // Multer asks for this when a later part of the same form fails.
    _removeFile(_request, file, done) {
      backend.delete(file.path).then(
        () => done(null),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
}
