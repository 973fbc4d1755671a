import type { Call } from '../call.ts';
import type { UploadRequest as OpenUpload } from '../driver.ts';

const attempts = 3;
const attemptMs = 5_000;

/**
 * Frees the parts of an upload that failed. The call may be over, so it asks the driver itself. It never rejects: the
 * caller has the error that matters, and parts that cannot be freed now are what `cleanup` is for.
 */
export async function abortUpload(call: Call, upload: OpenUpload): Promise<void> {
  const { multipart } = call.driver;
  for (let attempt = 1; multipart !== undefined && attempt <= attempts; attempt += 1) {
    try {
      await multipart.abort(upload, { signal: AbortSignal.timeout(attemptMs), attempt });
      return;
    } catch {
      await pause(50 * attempt);
    }
  }
}

/** Waits without keeping the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
