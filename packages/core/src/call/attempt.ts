import type { RequestPlan } from '../call.ts';
import { TimeoutReason } from './abort-reason.ts';

/** How long an aborted write may take to say whether it was applied, in milliseconds. */
const settleMs = 2_000;

/** What an attempt needs to know of its call. */
export interface AttemptHost {
  readonly idleTimeoutMs: number;
  /** Attempts under way: the call aborts them when it ends. */
  readonly attempts: Set<AbortController>;
  readonly activity: Activity;
}

/** When bytes last moved, and how many readers wait for the caller's own source. */
interface Activity {
  lastAt: number;
  waitingForCaller: number;
}

/** An attempt that was given up: why, and what the driver said then, if it did. */
export class GivenUp extends Error {
  readonly reason: unknown;
  readonly error: unknown;

  constructor(reason: unknown, error: unknown) {
    super('given up');
    this.reason = reason;
    this.error = error;
  }
}

/**
 * Runs one attempt against its idle timeout and its call's abort. Rejects with the driver's error, or with `GivenUp`.
 * A read is given up at once. An aborted write is given a moment to tell whether it was applied.
 */
export function runAttempt<T>(host: AttemptHost, plan: RequestPlan<T>, attempt: number): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  host.attempts.add(controller);
  host.activity.lastAt = performance.now();

  function progressed(): void {
    host.activity.lastAt = performance.now();
  }

  return new Promise<T>((resolve, reject) => {
    let over = false;
    let settleTimer: NodeJS.Timeout | undefined;
    let idleTimer = setTimeout(onIdle, host.idleTimeoutMs);

    function end(): boolean {
      if (over) return false;
      over = true;
      clearTimeout(idleTimer);
      clearTimeout(settleTimer);
      host.attempts.delete(controller);
      return true;
    }

    function onIdle(): void {
      const quietMs = performance.now() - host.activity.lastAt;
      // A slow source is the caller's own affair; only the service can be idle.
      const left = host.activity.waitingForCaller > 0 ? host.idleTimeoutMs : host.idleTimeoutMs - quietMs;
      if (left > 1) {
        idleTimer = setTimeout(onIdle, left);
        // A source that was dropped never answers: waiting for it must not keep the process alive.
        if (host.activity.waitingForCaller > 0) idleTimer.unref();
        return;
      }
      controller.abort(new TimeoutReason(`no progress for ${String(host.idleTimeoutMs)} ms`));
    }

    /** A member that throws instead of rejecting ends its attempt as well, timers and all. */
    function begin(): Promise<T> {
      try {
        return plan.run({ signal, attempt, progressed });
      } catch (error) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the driver's own error, whatever it is
        return Promise.reject(error);
      }
    }

    signal.addEventListener(
      'abort',
      () => {
        const giveUp = (): void => {
          if (end()) reject(new GivenUp(signal.reason, undefined));
        };
        if (plan.effect === 'read') giveUp();
        else settleTimer = setTimeout(giveUp, settleMs);
      },
      { once: true },
    );

    begin().then(
      (value) => {
        if (end()) resolve(value);
        else plan.discard?.(value);
      },
      (error: unknown) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the driver's own error, whatever it is
        if (end()) reject(signal.aborted ? new GivenUp(signal.reason, error) : error);
      },
    );
  });
}
