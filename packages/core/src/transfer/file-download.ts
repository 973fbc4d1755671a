import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Call } from '../call.ts';
import { assertChecksum, createDigest } from '../checksum.ts';
import type { ObjectInfo } from '../driver.ts';
import { isDriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { abortFault } from './abort-fault.ts';
import type { DownloadFileRequest } from './download-file.ts';
import { type DownloadJob, DownloadLanes } from './download-lanes.ts';
import { type DownloadState, dropState, leaveState } from './download-state.ts';
import type { FileBody } from './file-body.ts';
import { localFileFault } from './local-file-fault.ts';
import type { PartGrid } from './part-grid.ts';
import { createProgressMeter } from './progress-meter.ts';
import { defaultConcurrency } from './upload-request.ts';

/** How often a long download notes what it has, in case its process is killed; in milliseconds. */
const noteEveryMs = 5_000;

/** A large download from its first byte on disk to its name. */
export class FileDownload {
  readonly #call: Call;
  readonly #request: DownloadFileRequest;
  readonly #info: ObjectInfo;
  readonly #grid: PartGrid;
  readonly #dataPath: string;
  #notedAt = performance.now();
  #noting: Promise<void> | undefined;

  constructor(call: Call, request: DownloadFileRequest, info: ObjectInfo, grid: PartGrid, dataPath: string) {
    this.#call = call;
    this.#request = request;
    this.#info = info;
    this.#grid = grid;
    this.#dataPath = dataPath;
  }

  async run(whole: FileBody | undefined): Promise<void> {
    const { path, key, versionId } = this.#request;
    try {
      const file = await open(this.#dataPath, whole === undefined ? 'r+' : 'wx+').catch(failedToWrite(path));
      try {
        await this.#fill(file, whole);
      } finally {
        await this.#noting;
        await file.close();
      }
      await rename(this.#dataPath, path).catch(failedToWrite(path));
      await dropState(path, key, versionId);
    } catch (error) {
      await this.#leave(error);
      throw error;
    }
  }

  async #fill(file: FileHandle, whole: FileBody | undefined): Promise<void> {
    const { path, onProgress, concurrency, integrity, key, versionId } = this.#request;
    await file.truncate(this.#grid.size).catch(failedToWrite(path));
    const job: DownloadJob = {
      pinned: versionId === undefined ? { key, info: this.#info } : { key, versionId, info: this.#info },
      path,
      file,
      grid: this.#grid,
      progress: createProgressMeter(onProgress, this.#grid.size),
      concurrency: concurrency ?? defaultConcurrency,
      isAdaptive: concurrency === undefined,
      onPart: () => this.#note(file),
    };
    const lanes = new DownloadLanes(this.#call, job);
    await lanes.run(whole);
    if (!lanes.isVerified && integrity !== 'none') await this.#verify(file);
  }

  /** Parts came out of order: what they add up to is read from the disk. */
  async #verify(file: FileHandle): Promise<void> {
    const { checksum } = this.#info;
    if (checksum === undefined) return;
    const digest = createDigest(checksum.algorithm);
    const block = Buffer.allocUnsafeSlow(1024 * 1024);
    for (let position = 0; position < this.#grid.size; ) {
      if (this.#call.signal.aborted) throw abortFault(this.#call.signal);
      const { bytesRead } = await file
        .read(block, 0, block.byteLength, position)
        .catch(failedToWrite(this.#request.path));
      if (bytesRead === 0) break;
      digest.update(block.subarray(0, bytesRead));
      position += bytesRead;
    }
    assertChecksum(checksum, digest.hex(), 'stored');
  }

  /** Notes what is on disk, now and then: the bytes first, so that no note names a part that a power loss takes. */
  async #note(file: FileHandle): Promise<void> {
    if (this.#request.resume === false || this.#noting !== undefined) return;
    if (performance.now() - this.#notedAt < noteEveryMs) return;
    const state = this.#state();
    this.#noting = file
      .datasync()
      .then(() => leaveState(this.#request.path, state))
      // A note is a help for later; the download itself says whether the disk works.
      .catch(() => undefined)
      .finally(() => {
        this.#notedAt = performance.now();
        this.#noting = undefined;
      });
    await this.#noting;
  }

  /** After a failure: what a later download can use stays, anything else goes. */
  async #leave(error: unknown): Promise<void> {
    const { path, key, versionId, resume: mayResume } = this.#request;
    const isUseful = mayResume !== false && this.#grid.done.length > 0 && mayGoOn(error);
    try {
      if (isUseful) {
        await leaveState(path, this.#state());
        return;
      }
      await rm(this.#dataPath, { force: true });
      await dropState(path, key, versionId);
    } catch {
      // The caller has the error that matters; what could not be left or removed is a file named `.part`.
    }
  }

  #state(): DownloadState {
    const { key, versionId } = this.#request;
    const { etag, size } = this.#info;
    const { partSize, done } = this.#grid;
    return { key, versionId, etag, size, partSize, done, data: basename(this.#dataPath) };
  }
}

/** Whether the bytes on disk are good, though the download failed: it was cut, nothing was found wrong. */
function mayGoOn(error: unknown): boolean {
  if (isDriverFault(error)) return error.classification.code === 'Aborted' || error.classification.retryable !== 'no';
  return isStorageError(error) && (error.code === 'Aborted' || error.retryable !== 'no');
}

function failedToWrite(path: string): (error: unknown) => never {
  return (error) => {
    throw localFileFault('write', path, error);
  };
}
