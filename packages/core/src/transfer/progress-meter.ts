import type { Progress } from '../options.ts';

/** Tells a listener how far a transfer is. A retry that begins anew is not told until it is further than before. */
export interface ProgressMeter {
  /** Bytes done so far. */
  report(doneBytes: number): void;
}

/** Of transfers that nobody listens to. */
export const silentMeter: ProgressMeter = { report: () => undefined };

export function createProgressMeter(
  onProgress: ((progress: Progress) => void) | undefined,
  totalBytes: number | undefined,
): ProgressMeter {
  if (onProgress === undefined) return silentMeter;
  let last = -1;
  return {
    report(doneBytes) {
      if (doneBytes <= last) return;
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
