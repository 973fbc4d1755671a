import type { Operation, RequestPlan } from '../call.ts';
import { untilAborted } from '../driver-kit/until-aborted.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { errorMessage } from '../errors/message.ts';
import { isStorageError, StorageError } from '../errors/storage-error.ts';
import { CallEvents } from '../observe/call-events.ts';
import type { BaseOptions } from '../options.ts';
import { TimeoutReason } from './abort-reason.ts';
import type { CallState } from './call-state.ts';
import { closedFault } from './lifecycle.ts';
import { makeRequest } from './request.ts';
import type { Runtime } from './runtime.ts';
import { judge, type Verdict } from './verdict.ts';

/** Opens a call of a public method: its signal, deadline, attempts and events in one. */
export function createCall(
  runtime: Runtime,
  operation: Operation,
  key: string | undefined,
  options: BaseOptions,
): CallState {
  const { driver } = runtime;
  const controller = new AbortController();
  const attempts = new Set<AbortController>();
  const events = CallEvents.start(runtime, operation, key);
  const timeoutMs = options.timeoutMs ?? runtime.timeoutMs;
  const deadlineAt = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  let holds = 0;
  let reported = false;
  let finished = false;

  function hasEnded(): boolean {
    return controller.signal.aborted;
  }
  function end(reason: unknown): void {
    controller.abort(reason);
    for (const attempt of attempts) attempt.abort(reason);
  }
  const onAbort = (): void => {
    end(options.signal?.reason);
  };
  const deadline =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          end(new TimeoutReason(`the call took longer than its timeout of ${String(timeoutMs)} ms`));
        }, timeoutMs);
  if (options.signal?.aborted === true) onAbort();
  else options.signal?.addEventListener('abort', onAbort, { once: true });

  function report(error: StorageError | undefined): void {
    if (reported) return;
    reported = true;
    options.signal?.removeEventListener('abort', onAbort);
    events?.end(error, state.attemptsMade);
  }

  const state: CallState = {
    operation,
    key,
    driver,
    runtime,
    attempts,
    capabilities: driver.capabilities,
    idleTimeoutMs: runtime.idleTimeoutMs,
    anyKey: runtime.anyKey,
    checkKeyConflicts: runtime.checkKeyConflicts,
    activity: { lastAt: 0, waitingForCaller: 0 },
    attemptsMade: 0,
    signal: controller.signal,
    hasEnded,
    async request<T>(plan: RequestPlan<T>): Promise<T> {
      try {
        if (hasEnded()) throw state.errorOf(abortedBefore(controller.signal.reason));
        const opening = runtime.lifecycle.opened();
        if (opening !== undefined) {
          await untilOpen(runtime, opening, controller.signal);
          if (hasEnded()) throw state.errorOf(abortedBefore(controller.signal.reason));
        }
        return await makeRequest(state, plan);
      } catch (error) {
        throw state.wrap(error);
      }
    },
    fault(code, message, cause): StorageError {
      return state.wrap(new DriverFault(code, message, cause === undefined ? {} : { cause }));
    },
    wrap(error): StorageError {
      return isStorageError(error) ? error : state.errorOf(judge(driver, error));
    },
    faultOf(itemKey, error): StorageError {
      return isStorageError(error) ? error : makeError(state, judge(driver, error), itemKey);
    },
    errorOf(verdict, itemKey = key): StorageError {
      return makeError(state, verdict, itemKey);
    },
    remainingMs: () => (finished ? Infinity : deadlineAt - performance.now()),
    attempted(attempt, startedAt, verdict) {
      events?.attempt(attempt, performance.now() - startedAt, verdict);
    },
    retrying(attempt, delayMs, verdict) {
      events?.retry(attempt, delayMs, verdict);
    },
    addBytes(count) {
      state.activity.lastAt = performance.now();
      events?.addBytes(count);
    },
    hold() {
      holds += 1;
      let released = false;
      return (error) => {
        if (released) return;
        released = true;
        holds -= 1;
        if (holds === 0) report(error);
      };
    },
    finish(error) {
      finished = true;
      clearTimeout(deadline);
      if (holds === 0 || error !== undefined) report(error);
    },
  };
  return state;
}

/** Waits until the driver is open, unless it was closed meanwhile, or until the call has ended; opening goes on for other calls. */
async function untilOpen({ lifecycle }: Runtime, opening: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await untilAborted(opening, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (lifecycle.closed) throw closedFault();
}

function abortedBefore(reason: unknown): Verdict {
  const timedOut = reason instanceof TimeoutReason;
  return {
    code: timedOut ? 'Timeout' : 'Aborted',
    retryable: timedOut ? 'safe' : 'no',
    detail: timedOut ? reason.message : 'the call was aborted',
    cause: timedOut ? undefined : reason,
    final: true,
  };
}

function makeError(state: CallState, verdict: Verdict, key: string | undefined): StorageError {
  const { operation, runtime } = state;
  const { code, retryable, httpStatus, requestId, providerCode, retryAfterMs, cause, detail, hint } = verdict;
  return new StorageError(errorMessage({ code, operation, backend: runtime.name, key, detail, hint }), {
    code,
    operation,
    backend: runtime.name,
    key,
    retryable,
    attempts: state.attemptsMade,
    httpStatus,
    requestId,
    providerCode,
    retryAfterMs,
    secrets: runtime.driver.secrets ?? [],
    ...(cause === undefined ? {} : { cause }),
  });
}
