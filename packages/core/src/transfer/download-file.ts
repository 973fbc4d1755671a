import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Call } from '../call.ts';
import type { ObjectInfo } from '../driver.ts';
import type { FileInfo } from '../file-info.ts';
import { toFileInfo } from '../operations/results.ts';
import { openDownload } from './download.ts';
import type { DownloadRequest } from './download-request.ts';
import { type DownloadState, newDataPath, takeState } from './download-state.ts';
import { FileDownload } from './file-download.ts';
import { PartGrid } from './part-grid.ts';
import { defaultPartSize } from './part-size.ts';
import { createProgressMeter } from './progress-meter.ts';
import { saveBody } from './save-body.ts';

/** A read to disk whose options were checked. */
export interface DownloadFileRequest extends Omit<DownloadRequest, 'range'> {
  readonly path: string;
  readonly partSize?: number;
  readonly concurrency?: number;
  /** Whether a download that is cut leaves what it has, for the next one. */
  readonly resume?: boolean;
}

/** Most parts: they are remembered by number. */
const mostParts = 10_000;

/**
 * Writes an object to a file, which appears at `path` when it is complete. Small objects, and fast connections, are
 * read as one stream; otherwise ranges are read in parallel, all of them of the object that was found first.
 */
export async function downloadFile(call: Call, request: DownloadFileRequest): Promise<FileInfo> {
  const { key, versionId, path } = request;
  const state = request.resume === false ? undefined : await takeState(path, key, versionId);
  const resumed = state === undefined ? undefined : await resume(call, request, state);
  const info = resumed ?? (await begin(call, request));
  return toFileInfo(info, call.capabilities);
}

/** Goes on with a download, if the object is still the same. */
async function resume(call: Call, request: DownloadFileRequest, state: DownloadState): Promise<ObjectInfo | undefined> {
  const dataPath = join(dirname(request.path), state.data);
  const info = await headOf(call, request);
  if (info.etag !== state.etag || info.size !== state.size) {
    await rm(dataPath, { force: true });
    return undefined;
  }
  const grid = new PartGrid(state.size, state.partSize, state.done);
  await new FileDownload(call, request, info, grid, dataPath).run(undefined);
  return info;
}

async function headOf(call: Call, { key, versionId, ifMatch, ifNoneMatch }: DownloadFileRequest): Promise<ObjectInfo> {
  const head = {
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
  return call.request({ effect: 'read', run: (context) => call.driver.head(head, context) });
}

async function begin(call: Call, request: DownloadFileRequest): Promise<ObjectInfo> {
  const { path, onProgress, partSize = defaultPartSize, ...read } = request;
  const { info, body } = await openDownload(call, read);
  try {
    if (info.size <= partSize) {
      await saveBody(body, path);
      createProgressMeter(onProgress, info.size).report(info.size);
      return info;
    }
    const grid = new PartGrid(info.size, Math.max(partSize, Math.ceil(info.size / mostParts)));
    await new FileDownload(call, request, info, grid, newDataPath(path)).run(body);
    return info;
  } finally {
    await body.cancel();
  }
}
