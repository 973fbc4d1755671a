import type { Retryable } from '../errors/classification.ts';
import type { ErrorCode } from '../errors/codes.ts';

/**
 * What happens in a call: it starts, makes attempts, waits for a retry, ends. Plain data, safe to log: it never holds
 * a secret, a signed URL or a body.
 */
export type StorageEvent = StartEvent | AttemptEvent | RetryEvent | EndEvent;

/** Receives every event, synchronously: keep it short. What it throws is reported once and breaks no call. */
export type StorageObserver = (event: StorageEvent) => void;

/** What every event has. */
export interface EventBase {
  /** Method of the backend: `save`, `retrieve`, … */
  readonly operation: string;
  readonly key: string | undefined;
  /** Name of the backend instance. */
  readonly backend: string;
  /** Type of the backend: `local`, `minio`, … */
  readonly backendType: string;
  /** The same in all events of one call, different in any other of this process. */
  readonly callId: number;
  /** Id of the work that the call belongs to, from `withCorrelationId`. */
  readonly correlationId: string | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** A method was called. */
export interface StartEvent extends EventBase {
  readonly kind: 'start';
}

/** One request to the service was answered, or given up. */
export interface AttemptEvent extends EventBase, Partial<EventFailure> {
  readonly kind: 'attempt';
  /** From 1. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error';
}

/** A request failed and will be made again. */
export interface RetryEvent extends EventBase, EventFailure {
  readonly kind: 'retry';
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** Time until the next one, in milliseconds. */
  readonly delayMs: number;
}

/** The call is over. A retrieved body belongs to its call: it ends when the body has been read or cancelled. */
export interface EndEvent extends EventBase, Partial<EventFailure> {
  readonly kind: 'end';
  readonly durationMs: number;
  /** Requests made for this call, retries included. */
  readonly attempts: number;
  /** Bytes of bodies that were sent or received. */
  readonly bytes: number;
  readonly outcome: 'ok' | 'error';
}

/** What an event says of an error. */
export interface EventFailure {
  readonly errorCode: ErrorCode;
  /** Redacted prose. */
  readonly errorMessage: string;
  readonly retryable: Retryable;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly providerCode?: string | undefined;
}
