import type { IdleWatch } from './call/idle-watch.ts';
import type { Capabilities } from './capabilities.ts';
import type { CallContext, StorageDriver } from './driver.ts';
import type { ErrorCode } from './errors/codes.ts';
import type { StorageError } from './errors/storage-error.ts';

/** A public method, by the name that errors and events carry. */
export type Operation = string;

/** One request to the service and what may be done when its answer is lost. */
export interface RequestPlan<T, Q = undefined> {
  /** `request` is what `conclude` was given: a plan that takes what it needs from there is made once for all calls. */
  readonly run: (context: CallContext, request: Q, call: Call) => Promise<T>;
  /** `read` changes nothing; `write` may have been applied although it failed. */
  readonly effect: 'read' | 'write';
  /** Key that an error names. @default the key of the call */
  readonly key?: string;
  /** Whether `run` may be called again; a body that cannot be replayed may not. @default true */
  repeatable?(): boolean;
  /**
   * Given for a write that another attempt of itself can make fail (conditional, versioned, `complete`): asked when an
   * answer was lost and a later attempt is refused. Its own earlier attempt landed: the result; cannot tell: undefined.
   */
  readonly landed?: () => Promise<T | undefined>;
  /** Frees a result that arrives after the call was given up. */
  readonly discard?: (late: T) => void;
}

/** The request that a call ends with, and what the call resolves with then. */
export interface FinalPlan<T, Q, R> extends RequestPlan<T, Q> {
  /** @param attempt the one that succeeded, from 1 */
  result(answer: T, call: Call, request: Q, attempt: number): R | Promise<R>;
  /** The result where an error is an answer too; throws the error where it is none. */
  refused?(error: StorageError): R;
}

/** What the end of a call ends as well. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** One call of a public method, from the door to its end: everything that operations need. */
export interface Call {
  readonly operation: Operation;
  readonly key: string | undefined;
  readonly driver: StorageDriver;
  readonly capabilities: Capabilities;
  /** Whether writes may use any key that the service can hold, not only portable ones. */
  readonly anyKey: boolean;
  /** Whether writes look for a key that is a directory of theirs, where the service would hide one of the two. */
  readonly checkKeyConflicts: boolean;
  /** The caller's signal and the deadline in one; made when it is first asked for. */
  readonly signal: AbortSignal;
  /** Gives up what does not get on. */
  readonly idle: IdleWatch;
  /** When bytes last moved. */
  lastAt: number;
  /** While above 0, a driver waits for the caller's own source. */
  waitingForCaller: number;
  /** Whether the caller's signal or the deadline has ended the call. */
  hasEnded(): boolean;
  /** Aborts `abortable` when the call is ended so, until `unlisten`: costs nothing, where a listener on `signal` makes one. */
  listen(abortable: Abortable): void;
  unlisten(abortable: Abortable): void;
  /** Makes a request, retried within the policy; rejects with a `StorageError`. */
  request<T>(plan: RequestPlan<T>): Promise<T>;
  /**
   * Makes the request that a call ends with, as `request` does, and resolves with its result. An operation that returns
   * this very promise spares its call a promise and two functions for each step between the answer and the caller.
   */
  conclude<T, Q, R>(plan: FinalPlan<T, Q, R>, request: Q): Promise<R>;
  /** The error that this call rejects with, for a refusal of core's own. */
  fault(code: ErrorCode, message: string, cause?: unknown): StorageError;
  /** The error of one key of a batch. */
  faultOf(key: string, error: unknown): StorageError;
  /** Any error as the `StorageError` that this call rejects with. */
  wrap(error: unknown): StorageError;
  /**
   * Keeps the call open after its promise resolved, for a body that is still to be read: its signal goes on, its
   * deadline does not. Call what it returns, once, when the body has ended or failed (then with the error).
   */
  hold(): (error?: StorageError) => void;
  /** Counts bytes for the event of this call. */
  addBytes(count: number): void;
}
