import type { Call } from '../call.ts';
import type { StorageError } from '../errors/storage-error.ts';
import type { AttemptHost } from './attempt.ts';
import type { Runtime } from './runtime.ts';
import type { Verdict } from './verdict.ts';

/** A call as the machinery behind it sees it. */
export interface CallState extends Call, AttemptHost {
  readonly runtime: Runtime;
  /** Whether the caller's signal or the deadline has ended the call. */
  hasEnded(): boolean;
  attemptsMade: number;
  /** Milliseconds until the deadline; Infinity without one. */
  remainingMs(): number;
  /** One attempt was answered, or judged. */
  attempted(attempt: number, startedAt: number, verdict: Verdict | undefined): void;
  retrying(attempt: number, delayMs: number, verdict: Verdict): void;
  /** The error of this call, or of another key that it works on. */
  errorOf(verdict: Verdict, key?: string): StorageError;
  /** Ends the call: reports it, frees timers and listeners, unless a body holds it open. */
  finish(error: StorageError | undefined): void;
}
