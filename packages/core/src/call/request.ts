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
  protected abstract refused(error: StorageError): void;

  protected override succeed(answer: T): void {
    this.call.answered(1, this.startedAt);
    this.answered(answer, 1);
  }

  protected override fail(error: unknown): void {
    const { call, plan, request, startedAt } = this;
    const run = new RequestRun();
    afterFailure(call, plan, request, { error, startedAt }, run).then(
      (answer) => this.answered(answer, run.attempt),
      (failure: unknown) => this.refused(call.wrap(failure)),
    );
  }
}

/** Makes a request: resolves with its answer, rejects with the error of the last attempt. */
export function makeRequest<T, Q>(call: CallState, plan: RequestPlan<T, Q>, request: Q): Promise<T> {
  return new Promise((resolve, reject) => new Request(call, plan, request, resolve, reject).start());
}

class Request<T, Q> extends FirstAttempt<T, Q> {
  protected override readonly answered: (answer: T) => void;
  protected override readonly refused: (error: StorageError) => void;

  constructor(
    call: CallState,
    plan: RequestPlan<T, Q>,
    request: Q,
    resolve: (answer: T) => void,
    reject: (error: StorageError) => void,
  ) {
    super(call, plan, request);
    this.answered = resolve;
    this.refused = reject;
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

  protected override refused(error: StorageError): void {
    try {
      if (this.plan.refused === undefined) throw error;
      this.#finish(this.plan.refused(error));
    } catch (failure) {
      this.#fail(failure);
    }
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
