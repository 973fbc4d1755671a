import type { FinalPlan, RequestPlan } from '../call.ts';
import type { StorageError } from '../errors/storage-error.ts';
import { Attempt } from './attempt.ts';
import type { CallState } from './call-state.ts';
import { afterFailure, RequestRun } from './retries.ts';

/** A request, as its first attempt: it seldom needs another one. */
abstract class FirstAttempt<T, Q> extends Attempt<T, Q> {
  constructor(call: CallState, plan: RequestPlan<T, Q>, request: Q) {
    super(call, plan, request, 1);
  }

  protected abstract answered(answer: T, attempt: number): void;
  /** The answer or error that is there once no further attempt is made; how many there were is known then. */
  protected abstract follow(outcome: Promise<T>, run: RequestRun): void;

  protected override succeed(answer: T): void {
    this.call.answered(1, this.startedAt);
    this.answered(answer, 1);
  }

  protected override fail(error: unknown): void {
    const { call, plan, request, startedAt } = this;
    const run = new RequestRun();
    this.follow(afterFailure(call, plan, request, { error, startedAt }, run), run);
  }
}

/** Makes a request: resolves with its answer, rejects with the error of the last attempt. */
export function makeRequest<T, Q>(call: CallState, plan: RequestPlan<T, Q>, request: Q): Promise<T> {
  return new Promise((resolve, reject) => new Request(call, plan, request, resolve, reject).start());
}

class Request<T, Q> extends FirstAttempt<T, Q> {
  protected override readonly answered: (answer: T) => void;
  readonly #reject: (error: StorageError) => void;

  constructor(
    call: CallState,
    plan: RequestPlan<T, Q>,
    request: Q,
    resolve: (answer: T) => void,
    reject: (error: StorageError) => void,
  ) {
    super(call, plan, request);
    this.answered = resolve;
    this.#reject = reject;
  }

  protected override follow(outcome: Promise<T>): void {
    // The promise's own functions, through which the stack of an error leads to whoever waits for it.
    this.#wrapped(outcome).then(this.answered, this.#reject);
  }

  async #wrapped(outcome: Promise<T>): Promise<T> {
    try {
      return await outcome;
    } catch (error) {
      throw this.call.wrap(error);
    }
  }
}

/** The functions of the promise that is being made: one function takes them of all, instead of one for each. */
const taken: { resolve: (value: never) => void; reject: (error: unknown) => void } = {
  resolve: forget,
  reject: forget,
};

function take(resolve: (value: never) => void, reject: (error: unknown) => void): void {
  taken.resolve = resolve;
  taken.reject = reject;
}

function forget(): void {
  // Whoever held them would hold the result as well, a file that nobody else holds any more for one.
  taken.resolve = forget;
  taken.reject = forget;
}

/** The last request of a call, with its result. */
export class Conclusion<T, Q, R> extends FirstAttempt<T, Q> {
  declare protected readonly plan: FinalPlan<T, Q, R>;
  readonly promise: Promise<R>;
  /** Whether the call ends with it. */
  finishesCall = false;
  readonly #resolve: (result: R) => void;
  readonly #reject: (error: StorageError) => void;

  constructor(call: CallState, plan: FinalPlan<T, Q, R>, request: Q) {
    super(call, plan, request);
    this.promise = new Promise(take);
    this.#resolve = taken.resolve as (result: R) => void;
    this.#reject = taken.reject;
    forget();
  }

  protected override answered(answer: T, attempt: number): void {
    try {
      const result = this.plan.result(answer, this.call, this.request, attempt);
      if (result instanceof Promise) this.#finishWith(result);
      else this.#finish(result);
    } catch (error) {
      this.#fail(error);
    }
  }

  protected override follow(outcome: Promise<T>, run: RequestRun): void {
    // As in a request: no function of ours between the error and whoever waits for it.
    this.#concluded(outcome, run).then(this.#resolve, this.#reject);
  }

  async #concluded(outcome: Promise<T>, run: RequestRun): Promise<R> {
    try {
      const result = await this.#resultOf(outcome, run);
      if (this.finishesCall) this.call.finish(undefined);
      return result;
    } catch (error) {
      const failure = this.call.wrap(error);
      if (this.finishesCall) this.call.finish(failure);
      throw failure;
    }
  }

  async #resultOf(outcome: Promise<T>, run: RequestRun): Promise<R> {
    let answer: T;
    try {
      answer = await outcome;
    } catch (error) {
      const failure = this.call.wrap(error);
      if (this.plan.refused === undefined) throw failure;
      return this.plan.refused(failure);
    }
    return this.plan.result(answer, this.call, this.request, run.attempt);
  }

  #finishWith(result: Promise<R>): void {
    result.then(
      (value) => this.#finish(value),
      (error: unknown) => this.#fail(error),
    );
  }

  #finish(result: R): void {
    if (this.finishesCall) this.call.finish(undefined);
    this.#resolve(result);
  }

  #fail(error: unknown): void {
    const failure = this.call.wrap(error);
    if (this.finishesCall) this.call.finish(failure);
    this.#reject(failure);
  }
}
