import { untilAborted } from '../driver-kit/until-aborted.ts';
import { abortFault } from '../transfer/abort-fault.ts';
import { toUploadSource } from './to-upload-source.ts';
import type { UploadSource } from './upload-source.ts';

/**
 * Works with the source of a body, and stops it when the work rejects: a stream that is refused is not left open.
 * A function that opens the body is given up when `signal` aborts.
 */
export async function withUploadSource<T>(
  input: unknown,
  options: { readonly signal?: AbortSignal | undefined },
  work: (source: UploadSource) => Promise<T>,
): Promise<T> {
  const source = await openSource(input, options.signal);
  try {
    return await work(source);
  } catch (error) {
    await source.cancel(error);
    throw error;
  }
}

async function openSource(input: unknown, signal: AbortSignal | undefined): Promise<UploadSource> {
  const opening = toUploadSource(input);
  if (signal === undefined || typeof input !== 'function') return opening;
  try {
    return await untilAborted(opening, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    opening.then((late) => late.cancel(signal.reason)).catch(() => undefined);
    throw abortFault(signal);
  }
}
