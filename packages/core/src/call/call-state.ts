import type { Call } from '../call.ts';
import type { StorageError } from '../errors/storage-error.ts';
import type { BaseOptions } from '../options.ts';
import type { Runtime } from './runtime.ts';
import type { Verdict } from './verdict.ts';

/** A call as the machinery behind it sees it. */
export interface CallState extends Call {
  readonly runtime: Runtime;
  attemptsMade: number;
  /** Ends the call with the caller's signal, and after its timeout or the backend's. */
  limit(options: BaseOptions): void;
  /** Milliseconds until the deadline; Infinity without one. */
  remainingMs(): number;
  /** One attempt was answered. */
  answered(attempt: number, startedAt: number): void;
  /** One attempt failed, and was judged. */
  attempted(attempt: number, startedAt: number, verdict: Verdict): void;
  retrying(attempt: number, delayMs: number, verdict: Verdict): void;
  /** The error of this call, or of another key that it works on. */
  errorOf(verdict: Verdict, key?: string): StorageError;
  /** Ends the call: reports it, frees timers and listeners, unless a body holds it open. */
  finish(error: StorageError | undefined): void;
  /** Whether a promise is that of `conclude`, which then finishes the call by itself. */
  concludesWith(promise: Promise<unknown>): boolean;
}
