import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobBeginCopyFromUrlPollState, BlobClient } from '@azure/storage-blob';
import { type CallContext, DriverFault } from '@storage/core/driver';

const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** How long an aborted call still waits for the service to end the copy. */
const abortMs = 1_500;

/**
 * Copy Blob, which may be pending when it is answered: asks until it is done, and ends it when the call is aborted.
 * Only for what no synchronous copy can do, since readers see the unfinished blob.
 *
 * https://learn.microsoft.com/rest/api/storageservices/copy-blob
 */
export async function copyToItsEnd(blob: BlobClient, url: string, context: CallContext): Promise<void> {
  const { signal } = context;
  const poller = await blob.beginCopyFromURL(url, { abortSignal: signal });
  const { copyId, isCompleted } = poller.getOperationState() as BlobBeginCopyFromUrlPollState;
  if (isCompleted === true || copyId === undefined) return;
  try {
    await untilDone(blob, copyId, context);
  } catch (error) {
    if (signal.aborted) await end(blob, copyId);
    throw error;
  }
}

/** The SDK's own poller waits for ever for a copy that somebody has aborted or overwritten. */
async function untilDone(blob: BlobClient, copyId: string, { signal, progressed }: CallContext): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    await sleep(pauseMs, undefined, { signal });
    const found = await blob.getProperties({ abortSignal: signal });
    if (found.copyId !== copyId) throw ended('it was overwritten');
    if (found.copyStatus === 'success') return;
    if (found.copyStatus !== 'pending') throw ended(found.copyStatusDescription ?? String(found.copyStatus));
    progressed?.();
  }
}

function ended(how: string): DriverFault {
  return new DriverFault('Unavailable', `the copy failed on the service: ${how}`, { retryable: 'ambiguous' });
}

/** A copy that cannot be ended now is finished by the service, or given up after two weeks. */
async function end(blob: BlobClient, copyId: string): Promise<void> {
  await blob.abortCopyFromURL(copyId, { abortSignal: AbortSignal.timeout(abortMs) }).catch(() => undefined);
}
