import type { Classification } from '../errors/classification.ts';
import { redact } from '../errors/redact.ts';
import type { StorageError } from '../errors/storage-error.ts';
import { correlationId } from './correlation.ts';
import type { EventBase, EventFailure } from './events.ts';
import type { Observer } from './observer.ts';

/** Whose calls are observed. */
interface ObservedBackend {
  readonly name: string;
  readonly driver: { readonly type: string; readonly secrets?: readonly string[] };
  readonly observer: Observer | undefined;
}

/** A failure of an attempt, as it was judged. */
type AttemptFailure = Classification & { readonly detail: string };

/** What an attempt's failure and a call's error have in common. */
type Failure = Pick<StorageError, 'code' | 'retryable'> &
  Partial<Pick<StorageError, 'httpStatus' | 'requestId' | 'providerCode'>>;

let calls = 0;

/** Makes the events of one call. */
export class CallEvents {
  private readonly backend: ObservedBackend;
  private readonly observer: Observer;
  private readonly subject: Omit<EventBase, 'time'>;
  private readonly startedAt = performance.now();
  private bytes = 0;

  private constructor(backend: ObservedBackend, observer: Observer, operation: string, key: string | undefined) {
    calls += 1;
    this.backend = backend;
    this.observer = observer;
    this.subject = {
      operation,
      key,
      backend: backend.name,
      backendType: backend.driver.type,
      callId: calls,
      correlationId: correlationId(),
    };
  }

  /** Reports the start of a call; undefined, and nothing done, when nobody listens. */
  static start(backend: ObservedBackend, operation: string, key: string | undefined): CallEvents | undefined {
    if (backend.observer === undefined) return undefined;
    const events = new CallEvents(backend, backend.observer, operation, key);
    events.observer({ kind: 'start', ...events.base() });
    return events;
  }

  /** One request was answered, or given up. */
  attempt(attempt: number, durationMs: number, failure: AttemptFailure | undefined): void {
    const outcome = failure === undefined ? 'ok' : 'error';
    const details = failure === undefined ? {} : this.failure(failure, failure.detail);
    this.observer({ kind: 'attempt', ...this.base(), attempt, durationMs, outcome, ...details });
  }

  /** A request will be made again. */
  retry(attempt: number, delayMs: number, failure: AttemptFailure): void {
    this.observer({ kind: 'retry', ...this.base(), attempt, delayMs, ...this.failure(failure, failure.detail) });
  }

  /** Bytes of a body were sent or received. */
  addBytes(count: number): void {
    this.bytes += count;
  }

  /** The call is over. */
  end(error: StorageError | undefined, attempts: number): void {
    const durationMs = performance.now() - this.startedAt;
    const outcome = error === undefined ? 'ok' : 'error';
    const details = error === undefined ? {} : this.failure(error, error.message);
    this.observer({ kind: 'end', ...this.base(), durationMs, attempts, bytes: this.bytes, outcome, ...details });
  }

  private base(): EventBase {
    return { ...this.subject, time: Date.now() };
  }

  private failure({ code, retryable, httpStatus, requestId, providerCode }: Failure, message: string): EventFailure {
    const errorMessage = redact(message, this.backend.driver.secrets);
    return { errorCode: code, errorMessage, retryable, httpStatus, requestId, providerCode };
  }
}
