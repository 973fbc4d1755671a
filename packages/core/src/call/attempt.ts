import type { RequestPlan } from '../call.ts';
import { TimeoutReason } from './abort-reason.ts';
import { type Asker, listen } from './answer-listener.ts';
import { AttemptContext } from './attempt-context.ts';
import type { CallState } from './call-state.ts';
import type { Watched } from './idle-watch.ts';

/** How long an aborted write may take to say whether it was applied, in milliseconds. */
const settleMs = 2_000;

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
 * One attempt against its idle timeout and its call's abort. Fails with the driver's error, or with `GivenUp`.
 * A read is given up at once. An aborted write is given a moment to tell whether it was applied.
 */
export abstract class Attempt<T, Q> implements Asker, Watched {
  readonly startedAt: number = performance.now();
  before: Watched | undefined;
  after: Watched | undefined;
  protected readonly call: CallState;
  protected readonly plan: RequestPlan<T, Q>;
  protected readonly request: Q;
  readonly #context: AttemptContext;
  #isOver = false;
  #settleTimer: NodeJS.Timeout | undefined;

  constructor(call: CallState, plan: RequestPlan<T, Q>, request: Q, attempt: number) {
    this.call = call;
    this.plan = plan;
    this.request = request;
    this.#context = new AttemptContext(call, attempt);
  }

  /** What became of it, once. */
  protected abstract succeed(answer: T): void;
  protected abstract fail(error: unknown): void;

  start(): void {
    const { call } = this;
    call.lastAt = this.startedAt;
    call.attemptsMade += 1;
    call.listen(this);
    call.idle.add(this);
    listen(this.#ask(), this);
  }

  onAnswer(answer: T): void {
    if (this.#end()) this.succeed(answer);
    else this.plan.discard?.(answer);
  }

  onError(error: unknown): void {
    const { aborted } = this.#context;
    if (this.#end()) this.fail(aborted === undefined ? error : new GivenUp(aborted.reason, error));
  }

  /** Gives it up; what the driver does with that decides how soon. */
  abort(reason: unknown): void {
    if (this.#isOver || this.#context.aborted !== undefined) return;
    this.call.idle.remove(this);
    if (this.plan.effect === 'read') this.#giveUp(reason);
    else this.#settleTimer = setTimeout(() => this.#giveUp(reason), settleMs);
    this.#context.abort(reason);
  }

  lastAt(): number {
    return this.call.lastAt;
  }

  waitsForCaller(): boolean {
    return this.call.waitingForCaller > 0;
  }

  onIdle(): void {
    this.abort(new TimeoutReason(`no progress for ${String(this.call.idle.idleTimeoutMs)} ms`));
  }

  /** A member that throws instead of rejecting ends its attempt as well. */
  #ask(): Promise<T> {
    try {
      // What is no promise, of a driver that is not typed, is an answer.
      return Promise.resolve(this.plan.run(this.#context, this.request, this.call));
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the driver's own error, whatever it is
      return Promise.reject(error);
    }
  }

  #giveUp(reason: unknown): void {
    if (this.#end()) this.fail(new GivenUp(reason, undefined));
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.call.idle.remove(this);
    clearTimeout(this.#settleTimer);
    this.call.unlisten(this);
    return true;
  }
}
