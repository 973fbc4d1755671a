import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRecord } from '../record.ts';

/** What a download to disk that was cut leaves beside its path, so that another one goes on with it. */
export interface DownloadState {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string;
  readonly size: number;
  readonly partSize: number;
  /** Parts that are complete, from 0. */
  readonly done: readonly number[];
  /** Name of the file with the bytes, in the same folder. */
  readonly data: string;
}

const version = 1;

/** A new file for the bytes; no other download has its name. */
export function newDataPath(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.part`;
}

/**
 * Takes what an earlier download of this key left; undefined when there is nothing that can be used. It is renamed
 * first, so that only one download goes on with it.
 */
export async function takeState(
  path: string,
  key: string,
  versionId: string | undefined,
): Promise<DownloadState | undefined> {
  const claimed = `${path}.${randomBytes(6).toString('hex')}.part.json`;
  try {
    await rename(statePath(path, key, versionId), claimed);
  } catch {
    return undefined;
  }
  try {
    const state = parseState(await readFile(claimed, 'utf8'), path);
    if (state === undefined || state.key !== key || state.versionId !== versionId) return undefined;
    const data = await stat(join(dirname(path), state.data));
    return data.isFile() && data.size === state.size ? state : undefined;
  } catch {
    // Unreadable, or its data is gone: the download begins anew.
    return undefined;
  } finally {
    await rm(claimed, { force: true });
  }
}

/** Leaves the state for the next download of this key; it appears whole or not at all. */
export async function leaveState(path: string, state: DownloadState): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part.json`;
  await writeFile(temporary, JSON.stringify({ version, ...state }), { flag: 'wx' });
  await rename(temporary, statePath(path, state.key, state.versionId));
}

/** Forgets what was left for this key. */
export async function dropState(path: string, key: string, versionId: string | undefined): Promise<void> {
  await rm(statePath(path, key, versionId), { force: true });
}

function statePath(path: string, key: string, versionId: string | undefined): string {
  const id = createHash('sha256')
    .update(JSON.stringify([key, versionId]))
    .digest('hex')
    .slice(0, 16);
  return `${path}.${id}.part.json`;
}

function parseState(text: string, path: string): DownloadState | undefined {
  const value = JSON.parse(text) as unknown;
  if (!isRecord(value) || value['version'] !== version) return undefined;
  const { key, versionId, etag, size, partSize, done, data } = value;
  if (typeof key !== 'string' || typeof etag !== 'string' || !isCount(size) || !isCount(partSize) || partSize === 0)
    return undefined;
  if (versionId !== undefined && typeof versionId !== 'string') return undefined;
  if (typeof data !== 'string' || !isDataName(data, path)) return undefined;
  if (!Array.isArray(done) || !done.every(isCount)) return undefined;
  return { key, versionId, etag, size, partSize, done, data };
}

/** The state may come from anywhere: it names no file but one of ours. */
function isDataName(name: string, path: string): boolean {
  const own = basename(path);
  return name.startsWith(`${own}.`) && /^\.[0-9a-f]{12}\.part$/.test(name.slice(own.length));
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
