import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveState, BaseOptions, FileInfo, StorageBackend } from '@storage/core';
import { StorageError } from '@storage/core';

/** How an archived file is asked back. */
export interface RestoreOptions extends BaseOptions {
  /** Days that the restored copy stays readable. @default 1 */
  readonly days?: number | undefined;
  /** Minutes, hours, or up to two days; the sooner the dearer. @default 'Expedited', and 'Standard' from DEEP_ARCHIVE, which has no faster */
  readonly tier?: 'Expedited' | 'Standard' | 'Bulk' | undefined;
}

/** Where a restore stands. */
export interface RestoreProgress {
  readonly archive: ArchiveState;
  readonly waitedMs: number;
}

/** How `waitUntilRestored` waits. */
export interface WaitOptions extends BaseOptions {
  /** Milliseconds between two questions, each of which is a billed request. @default 60000 */
  readonly pollIntervalMs?: number | undefined;
  /** Called after each question whose answer is that it takes longer. */
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
}

const minuteMs = 60_000;

/** Asks until a file can be read. */
export async function waitUntilRestored(backend: StorageBackend, key: string, options: WaitOptions): Promise<FileInfo> {
  const { signal, timeoutMs, pollIntervalMs = minuteMs, onProgress } = options;
  const call = { operation: 'waitUntilRestored', backend: backend.name, key };
  if (!Number.isFinite(pollIntervalMs) || pollIntervalMs < 0) {
    throw new StorageError('pollIntervalMs must be a number of milliseconds', { code: 'InvalidArgument', ...call });
  }
  const begun = performance.now();
  for (;;) {
    const waitedMs = performance.now() - begun;
    const leftMs = timeoutMs === undefined ? undefined : timeoutMs - waitedMs;
    if (leftMs !== undefined && leftMs <= 0) {
      throw new StorageError(`it was not restored within ${timeoutMs} ms`, { code: 'Timeout', ...call });
    }
    const info = await backend.getMetadata(key, {
      signal,
      timeoutMs: leftMs === undefined ? undefined : Math.ceil(leftMs),
    });
    if (info === undefined) throw new StorageError('there is no such object', { code: 'NotFound', ...call });
    const { archive } = info;
    if (archive === undefined || archive.status === 'restored') return info;
    if (archive.status === 'archived') {
      throw new StorageError('nobody asked for it to be restored: call restoreFromGlacier', {
        code: 'Archived',
        ...call,
      });
    }
    onProgress?.({ archive, waitedMs: Math.round(waitedMs) });
    // What ends the wait is told by the next question, as the errors of the contract are.
    await sleep(Math.min(pollIntervalMs, leftMs ?? Infinity), undefined, signal ? { signal } : {}).catch(
      () => undefined,
    );
  }
}
