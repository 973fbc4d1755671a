import { describe } from '../check.ts';
import type { StorageDriver } from '../driver.ts';
import type { Classification } from '../errors/classification.ts';
import { isDriverFault } from '../errors/driver-fault.ts';
import { sentenceOf } from '../errors/message.ts';
import { TimeoutReason } from './abort-reason.ts';

/** What became of a failed attempt. */
export interface Verdict extends Classification {
  /** The clause of the message that says what happened. */
  readonly detail: string;
  readonly cause: unknown;
  /** The call is over: its caller or its deadline ended it. */
  readonly final?: true;
}

/** Names what a driver rejected with while nobody had given the attempt up. */
export function judge(driver: StorageDriver, error: unknown): Verdict {
  if (isDriverFault(error)) return { ...error.classification, detail: error.message, cause: error.cause };
  const classification = driver.classify(error);
  const detail = classification.code === 'Unknown' ? unknownDetail(error) : sentenceOf(classification.code);
  return { ...classification, detail, cause: error };
}

/**
 * Names the end of an attempt that was given up. `error` is what the driver then rejected with, `undefined` when it
 * did not settle in time. A write that did not say that nothing was applied may have been.
 */
export function judgeGivenUp(effect: 'read' | 'write', reason: unknown, error: unknown, wasFinal: boolean): Verdict {
  const untouched =
    effect === 'read' || error === reason || (isDriverFault(error) && isCleanAbort(error.classification));
  if (!(reason instanceof TimeoutReason)) {
    return {
      code: 'Aborted',
      retryable: untouched ? 'no' : 'ambiguous',
      detail: 'the call was aborted',
      cause: reason,
      final: true,
    };
  }
  const verdict: Verdict = {
    code: 'Timeout',
    retryable: untouched ? 'safe' : 'ambiguous',
    detail: reason.message,
    cause: error === reason ? undefined : error,
  };
  return wasFinal ? { ...verdict, final: true } : verdict;
}

function isCleanAbort({ code, retryable }: Classification): boolean {
  return retryable === 'no' && code === 'Aborted';
}

function unknownDetail(error: unknown): string {
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return typeof error === 'string' ? error : describe(error);
}
