import type { RequestPlan } from '../call.ts';
import { retryDelayMs } from '../retry/policy.ts';
import { GivenUp, runAttempt } from './attempt.ts';
import type { CallState } from './call-state.ts';
import { sleep } from './sleep.ts';
import { judge, judgeGivenUp, type Verdict } from './verdict.ts';

/** Codes by which a service refuses a write that an earlier attempt of the same write may have caused. */
const ownDoing: ReadonlySet<string> = new Set(['AlreadyExists', 'PreconditionFailed', 'NotFound', 'Conflict']);

/**
 * Makes a request: attempts, one policy of retries, and the proof of ownership when an answer was lost (contract 39).
 * Resolves with the result of the attempt that landed; rejects with the error of the last attempt.
 */
export async function makeRequest<T>(
  state: CallState,
  plan: RequestPlan<T>,
  run: RequestRun = new RequestRun(),
): Promise<T> {
  for (;;) {
    run.attempt += 1;
    state.attemptsMade += 1;
    const startedAt = performance.now();
    try {
      const value = await runAttempt(state, plan, run.attempt);
      state.runtime.budget.succeeded();
      state.attempted(run.attempt, startedAt, undefined);
      return value;
    } catch (error) {
      const verdict = judgeAttempt(state, plan, error);
      state.attempted(run.attempt, startedAt, verdict);
      if (plan.effect === 'write' && verdict.retryable === 'ambiguous') run.mayHaveLanded = true;
      const refusedByItself = run.mayHaveLanded && ownDoing.has(verdict.code);
      if (refusedByItself || !(await mayTryAgain(state, plan, run, verdict))) {
        const endedBefore = state.hasEnded();
        const landed =
          run.mayHaveLanded && verdict.code !== 'Aborted' ? await askWhetherLanded(state, plan) : undefined;
        if (landed !== undefined) return landed;
        if (state.hasEnded() && !endedBefore) throw state.errorOf(endOf(state, run));
        throw state.errorOf(run.mayHaveLanded ? { ...verdict, retryable: 'ambiguous' } : verdict, plan.key);
      }
    }
  }
}

/** What one request remembers between its attempts. */
class RequestRun {
  attempt = 0;
  mayHaveLanded = false;
  freshConnectionTried = false;
  askedOnceMore = false;
  bucketCreated = false;
}

function judgeAttempt<T>(state: CallState, plan: RequestPlan<T>, error: unknown): Verdict {
  if (!(error instanceof GivenUp)) return readOrWrite(plan.effect, judge(state.driver, error));
  const hasEnded = state.hasEnded();
  // The call may have ended while an attempt without progress was still settling: then that is the reason.
  const reason: unknown = hasEnded ? state.signal.reason : error.reason;
  return judgeGivenUp(plan.effect, reason, error.error === error.reason ? reason : error.error, hasEnded);
}

/** A driver does not know what it was asked for: nothing of a read can have been applied. */
function readOrWrite(effect: 'read' | 'write', verdict: Verdict): Verdict {
  return effect === 'read' && verdict.retryable === 'ambiguous' ? { ...verdict, retryable: 'safe' } : verdict;
}

/** Waits, or mends what was missing, when another attempt may succeed; false when it may not. */
async function mayTryAgain<T>(
  state: CallState,
  plan: RequestPlan<T>,
  run: RequestRun,
  verdict: Verdict,
): Promise<boolean> {
  if (verdict.final === true || state.hasEnded() || state.runtime.lifecycle.closed) return false;
  if (plan.repeatable?.() === false) return false;
  if (verdict.code === 'BucketNotFound') return createBucketOnce(state, plan, run, verdict);
  const onceMore = verdict.onceMore === true && !run.askedOnceMore;
  const worthIt = onceMore || verdict.retryable === 'safe' || verdict.retryable === 'ambiguous';
  if (!worthIt) return false;
  if (onceMore) run.askedOnceMore = true;
  if (verdict.staleConnection === true && !run.freshConnectionTried && run.attempt < state.runtime.retry.attempts) {
    run.freshConnectionTried = true;
    state.retrying(run.attempt, 0, verdict);
    return true;
  }
  const delayMs = retryDelayMs(state.runtime.retry, run.attempt, verdict);
  if (delayMs === undefined || delayMs > state.remainingMs()) return false;
  if (run.attempt > 1 && !state.runtime.budget.draw(verdict.code)) return false;
  state.retrying(run.attempt, delayMs, verdict);
  await sleep(delayMs, state.signal).catch(() => undefined);
  if (state.hasEnded()) throw state.errorOf(endOf(state, run));
  // A driver that was closed meanwhile is not asked any more: the fault that there was is the answer.
  return !state.runtime.lifecycle.closed;
}

function endOf(state: CallState, run: RequestRun): Verdict {
  const verdict = judgeGivenUp('read', state.signal.reason, undefined, true);
  return run.mayHaveLanded ? { ...verdict, retryable: 'ambiguous' } : verdict;
}

async function createBucketOnce<T>(
  state: CallState,
  plan: RequestPlan<T>,
  run: RequestRun,
  verdict: Verdict,
): Promise<boolean> {
  const { driver } = state;
  if (plan.effect === 'read' || driver.createBucket === undefined || run.bucketCreated) return false;
  run.bucketCreated = true;
  const creation = new RequestRun();
  // A service that answers `BucketNotFound` to this as well shall not be asked for ever.
  creation.bucketCreated = true;
  await makeRequest(state, { effect: 'write', run: (context) => createBucket(state, context) }, creation);
  if (state.hasEnded()) throw state.errorOf(endOf(state, run));
  state.retrying(run.attempt, 0, verdict);
  return true;
}

async function createBucket(state: CallState, context: { signal: AbortSignal; attempt: number }): Promise<void> {
  await state.driver.createBucket?.(context);
}

/** Whether an earlier attempt landed; a question that cannot be answered leaves the outcome open. */
async function askWhetherLanded<T>(state: CallState, plan: RequestPlan<T>): Promise<T | undefined> {
  if (plan.landed === undefined || state.hasEnded()) return undefined;
  try {
    return await plan.landed();
  } catch {
    // Denied or gone: the write stays `ambiguous`, with the error that is about the write itself.
    return undefined;
  }
}
