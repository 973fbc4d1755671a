import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { isStorageError } from '../errors/storage-error.ts';
import type { FileBody } from './file-body.ts';
import { createFileWriter } from './file-writer.ts';
import { localFileFault } from './local-file-fault.ts';

/** Writes a body to a file beside `path`, which gets its name when it is complete. A failure leaves nothing. */
export async function saveBody(body: FileBody, path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeBody(body, file);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // Gone or never made is as good; the error that surfaces says why the file is not there.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw isStorageError(error) ? error : localFileFault('write', path, error);
  }
}

async function writeBody(body: FileBody, file: FileHandle): Promise<void> {
  const writer = createFileWriter(file, 0, body.length);
  try {
    for (;;) {
      const result = await body.next(writer.target());
      if (result.done === true) break;
      await writer.push(result.value);
    }
    await writer.end();
  } finally {
    await writer.close();
  }
}
