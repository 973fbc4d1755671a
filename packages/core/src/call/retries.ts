import type { RequestPlan } from '../call.ts';
import { retryDelayMs } from '../retry/policy.ts';
import { Attempt, GivenUp } from './attempt.ts';
import type { CallState } from './call-state.ts';
import { sleep } from './sleep.ts';
import { judge, judgeGivenUp, type Verdict } from './verdict.ts';

/** Codes by which a service refuses a write that an earlier attempt of the same write may have caused. */
const ownDoing: ReadonlySet<string> = new Set(['AlreadyExists', 'PreconditionFailed', 'NotFound', 'Conflict']);

/** What one request remembers between its attempts, of which the first was made. */
export class RequestRun {
  attempt = 1;
  mayHaveLanded = false;
  freshConnectionTried = false;
  askedOnceMore = false;
  bucketCreated = false;
}

/** An attempt that failed. */
interface Failed {
  readonly error: unknown;
  readonly startedAt: number;
}

/**
 * What follows a failed first attempt: further ones, one policy of retries, and the proof of ownership when an answer
 * was lost (contract 39). Resolves with the answer of the attempt that landed; rejects with the error of the last attempt.
 */
export async function afterFailure<T, Q>(
  state: CallState,
  plan: RequestPlan<T, Q>,
  request: Q,
  failed: Failed,
  run: RequestRun,
): Promise<T> {
  // An error that is made in a function which has waited knows who waits for it: its stack names the caller.
  await Promise.resolve();
  let { error, startedAt } = failed;
  for (;;) {
    const verdict = judgeAttempt(state, plan, error);
    state.attempted(run.attempt, startedAt, verdict);
    if (plan.effect === 'write' && verdict.retryable === 'ambiguous') run.mayHaveLanded = true;
    const refusedByItself = run.mayHaveLanded && ownDoing.has(verdict.code);
    if (refusedByItself || !(await mayTryAgain(state, plan, run, verdict))) {
      const endedBefore = state.hasEnded();
      const landed = run.mayHaveLanded && verdict.code !== 'Aborted' ? await askWhetherLanded(state, plan) : undefined;
      if (landed !== undefined) return landed;
      if (state.hasEnded() && !endedBefore) throw state.errorOf(endOf(state, run));
      throw state.errorOf(run.mayHaveLanded ? { ...verdict, retryable: 'ambiguous' } : verdict, plan.key);
    }
    run.attempt += 1;
    startedAt = performance.now();
    try {
      const answer = await attemptOnce(state, plan, request, run.attempt);
      state.answered(run.attempt, startedAt);
      return answer;
    } catch (another) {
      error = another;
    }
  }
}

/** One attempt of a request, by itself. */
function attemptOnce<T, Q>(state: CallState, plan: RequestPlan<T, Q>, request: Q, attempt: number): Promise<T> {
  return new Promise((resolve, reject) => new LaterAttempt(state, plan, request, attempt, resolve, reject).start());
}

class LaterAttempt<T, Q> extends Attempt<T, Q> {
  protected override readonly succeed: (answer: T) => void;
  protected override readonly fail: (error: unknown) => void;

  constructor(
    state: CallState,
    plan: RequestPlan<T, Q>,
    request: Q,
    attempt: number,
    resolve: (answer: T) => void,
    reject: (error: unknown) => void,
  ) {
    super(state, plan, request, attempt);
    this.succeed = resolve;
    this.fail = reject;
  }
}

function judgeAttempt<T, Q>(state: CallState, plan: RequestPlan<T, Q>, error: unknown): Verdict {
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
async function mayTryAgain<T, Q>(
  state: CallState,
  plan: RequestPlan<T, Q>,
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

async function createBucketOnce<T, Q>(
  state: CallState,
  plan: RequestPlan<T, Q>,
  run: RequestRun,
  verdict: Verdict,
): Promise<boolean> {
  const { driver } = state;
  if (plan.effect === 'read' || driver.createBucket === undefined || run.bucketCreated) return false;
  run.bucketCreated = true;
  await createBucket(state);
  if (state.hasEnded()) throw state.errorOf(endOf(state, run));
  state.retrying(run.attempt, 0, verdict);
  return true;
}

/** A request of its own, retried as any other. */
async function createBucket(state: CallState): Promise<void> {
  const plan: RequestPlan<void> = {
    effect: 'write',
    run: async (context) => state.driver.createBucket?.(context),
  };
  const run = new RequestRun();
  // A service that answers `BucketNotFound` to this as well shall not be asked for ever.
  run.bucketCreated = true;
  const startedAt = performance.now();
  try {
    await attemptOnce(state, plan, undefined, run.attempt);
  } catch (error) {
    return afterFailure(state, plan, undefined, { error, startedAt }, run);
  }
  state.answered(run.attempt, startedAt);
}

/** Whether an earlier attempt landed; a question that cannot be answered leaves the outcome open. */
async function askWhetherLanded<T, Q>(state: CallState, plan: RequestPlan<T, Q>): Promise<T | undefined> {
  if (plan.landed === undefined || state.hasEnded()) return undefined;
  try {
    return await plan.landed();
  } catch {
    // Denied or gone: the write stays `ambiguous`, with the error that is about the write itself.
    return undefined;
  }
}
