import { type FileHandle, open } from 'node:fs/promises';
import { DriverFault } from '../errors/driver-fault.ts';
import { localFileFault } from '../transfer/local-file-fault.ts';
import type { FileStamp } from '../transfer/upload-token.ts';
import { fileChanged } from './small-file.ts';
import type { UploadSource } from './upload-source.ts';

/** Bytes read at a time. */
const blockBytes = 1024 * 1024;

/** A file on disk that is open. */
export interface OpenFile extends Required<Pick<UploadSource, 'readAt'>> {
  readonly source: UploadSource & { readonly size: number };
  readonly stamp: FileStamp;
  /** Throws `Conflict` when the file is not as it was when it was opened. */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file to be uploaded. Throws `InvalidArgument` when there is none, or it is no regular file. */
export async function openFile(path: string): Promise<OpenFile> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw localFileFault('read', path, error);
  });
  try {
    return await describeFile(path, file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function describeFile(path: string, file: FileHandle): Promise<OpenFile> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new DriverFault('InvalidArgument', `${JSON.stringify(path)} is not a regular file`);
  const stamp = { size: stats.size, mtimeMs: stats.mtimeMs };

  async function readAt(target: Uint8Array, position: number): Promise<void> {
    let filled = 0;
    while (filled < target.byteLength) {
      const { bytesRead } = await file.read(target, filled, target.byteLength - filled, position + filled).catch(fail);
      if (bytesRead === 0) throw fileChanged(path);
      filled += bytesRead;
    }
  }

  async function assertUnchanged(): Promise<void> {
    const now = await file.stat().catch(fail);
    if (now.size !== stamp.size || now.mtimeMs !== stamp.mtimeMs) throw fileChanged(path);
  }

  /** The end of the stream comes only when the file is still the one that was opened. */
  async function* blocks(target?: () => Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    for (let position = 0; position < stamp.size; ) {
      const left = stamp.size - position;
      const block = target?.().subarray(0, left) ?? Buffer.allocUnsafeSlow(Math.min(blockBytes, left));
      await readAt(block, position);
      position += block.byteLength;
      yield block;
    }
    await assertUnchanged();
  }

  function fail(error: unknown): never {
    throw localFileFault('read', path, error);
  }

  return {
    source: {
      size: stamp.size,
      contentType: undefined,
      replayable: true,
      open: blocks,
      readAt,
      cancel: () => Promise.resolve(),
    },
    stamp,
    readAt,
    assertUnchanged,
    close: () => file.close(),
  };
}
