import type { Abortable, FinalPlan, Operation, RequestPlan } from '../call.ts';
import type { Capabilities } from '../capabilities.ts';
import type { StorageDriver } from '../driver.ts';
import { untilAborted } from '../driver-kit/until-aborted.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { errorMessage } from '../errors/message.ts';
import { isStorageError, StorageError } from '../errors/storage-error.ts';
import { CallEvents } from '../observe/call-events.ts';
import type { BaseOptions } from '../options.ts';
import { TimeoutReason } from './abort-reason.ts';
import type { CallState } from './call-state.ts';
import type { IdleWatch } from './idle-watch.ts';
import { closedFault } from './lifecycle.ts';
import { Conclusion, makeRequest } from './request.ts';
import type { Runtime } from './runtime.ts';
import { judge, type Verdict } from './verdict.ts';

/** Opens a call of a public method: its signal, deadline, attempts and events in one. */
export function createCall(runtime: Runtime, operation: Operation, key: string | undefined): CallState {
  return new OpenCall(runtime, operation, key);
}

/** What few calls have is made when they need it: signal, deadline, events, more than one attempt at once. */
class OpenCall implements CallState {
  readonly operation: Operation;
  readonly key: string | undefined;
  readonly runtime: Runtime;
  lastAt = 0;
  waitingForCaller = 0;
  attemptsMade = 0;
  readonly #events: CallEvents | undefined;
  #listener: Abortable | undefined;
  #otherListeners: Set<Abortable> | undefined;
  #controller: AbortController | undefined;
  #hasEnded = false;
  #deadline: Deadline | undefined;
  #stopListening: (() => void) | undefined;
  #conclusion: { readonly promise: Promise<unknown>; finishesCall: boolean } | undefined;
  #isUnderWay = false;
  #holds = 0;
  #isReported = false;

  constructor(runtime: Runtime, operation: Operation, key: string | undefined) {
    this.runtime = runtime;
    this.operation = operation;
    this.key = key;
    this.#events = CallEvents.start(runtime, operation, key);
  }

  get driver(): StorageDriver {
    return this.runtime.driver;
  }

  get capabilities(): Capabilities {
    return this.runtime.driver.capabilities;
  }

  get idle(): IdleWatch {
    return this.runtime.idle;
  }

  get anyKey(): boolean {
    return this.runtime.anyKey;
  }

  get checkKeyConflicts(): boolean {
    return this.runtime.checkKeyConflicts;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  limit({ timeoutMs = this.runtime.timeoutMs, signal }: BaseOptions): void {
    if (timeoutMs !== undefined) this.#endAfter(timeoutMs);
    if (signal !== undefined) this.#endWith(signal);
  }

  #endAfter(timeoutMs: number): void {
    const timer = setTimeout(() => {
      this.#end(new TimeoutReason(`the call took longer than its timeout of ${String(timeoutMs)} ms`));
    }, timeoutMs);
    this.#deadline = { timer, at: performance.now() + timeoutMs };
  }

  #endWith(signal: AbortSignal): void {
    const onAbort = (): void => this.#end(signal.reason);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  hasEnded(): boolean {
    return this.#hasEnded;
  }

  request<T>(plan: RequestPlan<T>): Promise<T> {
    try {
      const opening = this.#opening();
      if (opening !== undefined) return this.#requestOnceOpen(opening, plan);
      return makeRequest(this, plan, undefined);
    } catch (error) {
      return Promise.reject(this.wrap(error));
    }
  }

  conclude<T, Q, R>(plan: FinalPlan<T, Q, R>, request: Q): Promise<R> {
    try {
      const opening = this.#opening();
      if (opening !== undefined) return this.#concludeOnceOpen(opening, plan, request);
      return this.#conclude(plan, request);
    } catch (error) {
      return Promise.reject(this.wrap(error));
    }
  }

  concludesWith(promise: Promise<unknown>): boolean {
    const conclusion = this.#conclusion;
    // Not kept: a file that nobody holds any more must be known as such, and its body holds this call.
    this.#conclusion = undefined;
    this.#isUnderWay = true;
    if (conclusion?.promise !== promise) return false;
    conclusion.finishesCall = true;
    return true;
  }

  listen(abortable: Abortable): void {
    if (this.#listener === undefined) this.#listener = abortable;
    else (this.#otherListeners ??= new Set()).add(abortable);
  }

  unlisten(abortable: Abortable): void {
    if (this.#listener === abortable) this.#listener = undefined;
    else this.#otherListeners?.delete(abortable);
  }

  answered(attempt: number, startedAt: number): void {
    this.runtime.budget.succeeded();
    this.#events?.attempt(attempt, performance.now() - startedAt, undefined);
  }

  attempted(attempt: number, startedAt: number, verdict: Verdict): void {
    this.#events?.attempt(attempt, performance.now() - startedAt, verdict);
  }

  retrying(attempt: number, delayMs: number, verdict: Verdict): void {
    this.#events?.retry(attempt, delayMs, verdict);
  }

  remainingMs(): number {
    return this.#deadline === undefined ? Infinity : this.#deadline.at - performance.now();
  }

  fault(code: ErrorCode, message: string, cause?: unknown): StorageError {
    return this.wrap(new DriverFault(code, message, cause === undefined ? {} : { cause }));
  }

  wrap(error: unknown): StorageError {
    return isStorageError(error) ? error : this.errorOf(judge(this.driver, error));
  }

  faultOf(key: string, error: unknown): StorageError {
    return isStorageError(error) ? error : this.errorOf(judge(this.driver, error), key);
  }

  errorOf(verdict: Verdict, key: string | undefined = this.key): StorageError {
    const { operation, runtime } = this;
    const { code, retryable, httpStatus, requestId, providerCode, retryAfterMs, cause, detail, hint } = verdict;
    return new StorageError(errorMessage({ code, operation, backend: runtime.name, key, detail, hint }), {
      code,
      operation,
      backend: runtime.name,
      key,
      retryable,
      attempts: this.attemptsMade,
      httpStatus,
      requestId,
      providerCode,
      retryAfterMs,
      secrets: runtime.driver.secrets ?? [],
      ...(cause === undefined ? {} : { cause }),
    });
  }

  addBytes(count: number): void {
    this.lastAt = performance.now();
    this.#events?.addBytes(count);
  }

  hold(): (error?: StorageError) => void {
    this.#holds += 1;
    let released = false;
    return (error) => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      if (this.#holds === 0) this.#report(error);
    };
  }

  finish(error: StorageError | undefined): void {
    clearTimeout(this.#deadline?.timer);
    this.#deadline = undefined;
    if (this.#holds === 0 || error !== undefined) this.#report(error);
  }

  #report(error: StorageError | undefined): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#stopListening?.();
    this.#events?.end(error, this.attemptsMade);
  }

  #end(given: unknown): void {
    this.#hasEnded = true;
    this.#controller ??= new AbortController();
    this.#controller.abort(given);
    // A signal always has a reason, given or not.
    const reason: unknown = this.#controller.signal.reason;
    const others = [...(this.#otherListeners ?? [])];
    this.#listener?.abort(reason);
    for (const other of others) other.abort(reason);
  }

  /** Undefined where the driver is open already. */
  #opening(): Promise<void> | undefined {
    this.#throwIfEnded();
    return this.runtime.lifecycle.opened();
  }

  async #requestOnceOpen<T>(opening: Promise<void>, plan: RequestPlan<T>): Promise<T> {
    await this.#untilOpen(opening);
    return makeRequest(this, plan, undefined);
  }

  async #concludeOnceOpen<T, Q, R>(opening: Promise<void>, plan: FinalPlan<T, Q, R>, request: Q): Promise<R> {
    await this.#untilOpen(opening);
    return this.#conclude(plan, request);
  }

  #conclude<T, Q, R>(plan: FinalPlan<T, Q, R>, request: Q): Promise<R> {
    const conclusion = new Conclusion(this, plan, request);
    if (!this.#isUnderWay) this.#conclusion = conclusion;
    conclusion.start();
    return conclusion.promise;
  }

  /** Waits until the driver is open, unless it was closed meanwhile, or until the call has ended; opening goes on for other calls. */
  async #untilOpen(opening: Promise<void>): Promise<void> {
    try {
      await untilAborted(opening, this.signal);
    } catch (error) {
      if (!this.hasEnded()) throw this.wrap(error);
    }
    if (this.runtime.lifecycle.closed) throw this.wrap(closedFault());
    this.#throwIfEnded();
  }

  #throwIfEnded(): void {
    if (!this.#hasEnded) return;
    const reason: unknown = this.signal.reason;
    const timedOut = reason instanceof TimeoutReason;
    throw this.errorOf({
      code: timedOut ? 'Timeout' : 'Aborted',
      retryable: timedOut ? 'safe' : 'no',
      detail: timedOut ? reason.message : 'the call was aborted',
      cause: timedOut ? undefined : reason,
      final: true,
    });
  }
}

interface Deadline {
  readonly timer: NodeJS.Timeout;
  /** By `performance.now()`. */
  readonly at: number;
}
