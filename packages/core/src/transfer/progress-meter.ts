import type { Progress } from '../options.ts';

/** Tells a listener how far a transfer is. A retry that begins anew is not told until it is further than before. */
export interface ProgressMeter {
  readonly totalBytes: number | undefined;
  /** Bytes done so far. */
  report(doneBytes: number): void;
}

export function createProgressMeter(
  onProgress: ((progress: Progress) => void) | undefined,
  totalBytes: number | undefined,
): ProgressMeter {
  let last = -1;
  return {
    totalBytes,
    report(doneBytes) {
      if (onProgress === undefined || doneBytes <= last) return;
      last = doneBytes;
      try {
        onProgress({ doneBytes, totalBytes });
      } catch (error) {
        // As of any event listener: a bug of the caller's that must be seen, and that cannot undo what was sent.
        queueMicrotask(() => {
          throw error;
        });
      }
    },
  };
}
