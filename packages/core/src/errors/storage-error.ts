import { inspect } from 'node:util';
import type { Retryable } from './classification.ts';
import type { ErrorCode } from './codes.ts';
import { redact } from './redact.ts';

const brand: unique symbol = Symbol.for('@storage/error') as never;

/** Kept beside the errors, not in them: what must be blanked is itself a secret. */
const secretsOf = new WeakMap<StorageError, readonly string[]>();

/** What a `StorageError` is made of. */
export interface StorageErrorFields {
  readonly code: ErrorCode;
  readonly operation: string;
  readonly backend?: string | undefined;
  readonly key?: string | undefined;
  readonly retryable?: Retryable;
  readonly attempts?: number;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly providerCode?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Values that are blanked wherever the error is printed, beyond the patterns that are always blanked. */
  readonly secrets?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The one error that every method rejects with. Branch on `code`; `message` is prose for people.
 *
 * @example
 * try {
 *   await backend.save('report.pdf', body, { ifAbsent: true });
 * } catch (error) {
 *   if (!isStorageError(error) || error.code !== 'AlreadyExists') throw error;
 * }
 */
export class StorageError extends Error {
  readonly code: ErrorCode;
  readonly operation: string;
  readonly backend: string | undefined;
  readonly key: string | undefined;
  /** `'ambiguous'`: a write may have been applied although it failed. */
  readonly retryable: Retryable;
  /** Attempts made, 0 when the call was refused before any. */
  readonly attempts: number;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly providerCode: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, fields: StorageErrorFields) {
    const secrets = fields.secrets ?? [];
    super(redact(message, secrets), 'cause' in fields ? { cause: fields.cause } : undefined);
    // Frameworks recognise an abort by this name.
    this.name = fields.code === 'Aborted' ? 'AbortError' : 'StorageError';
    this.code = fields.code;
    this.operation = fields.operation;
    this.backend = fields.backend;
    this.key = fields.key;
    this.retryable = fields.retryable ?? 'no';
    this.attempts = fields.attempts ?? 0;
    this.httpStatus = fields.httpStatus;
    this.requestId = fields.requestId;
    this.providerCode = fields.providerCode;
    this.retryAfterMs = fields.retryAfterMs;
    secretsOf.set(this, secrets);
    Object.defineProperty(this, brand, { value: true });
    Object.defineProperty(this, inspect.custom, { value: () => describe(this, secrets) });
  }

  /** Everything but the cause, which may hold what must not be logged; its message is kept, redacted. */
  toJSON(): Record<string, unknown> {
    const { name, code, operation, backend, key, retryable, attempts, httpStatus, requestId, providerCode } = this;
    const cause = this.cause instanceof Error ? redact(this.cause.message, secretsOf.get(this)) : undefined;
    const message = this.message;
    return {
      name,
      code,
      message,
      operation,
      backend,
      key,
      retryable,
      attempts,
      httpStatus,
      requestId,
      providerCode,
      cause,
    };
  }
}

/** Whether an error is a `StorageError`, of this copy of the package or another. */
export function isStorageError(error: unknown): error is StorageError {
  return typeof error === 'object' && error !== null && brand in error;
}

function describe(error: StorageError, secrets: readonly string[]): string {
  const fields = Object.entries(error.toJSON()).filter(
    ([name, value]) => value !== undefined && name !== 'message' && name !== 'name' && name !== 'cause',
  );
  const cause = error.cause === undefined ? '' : `\n  [cause]: ${describeCause(error.cause)}`;
  return redact(`${error.stack ?? error.message} ${inspect(Object.fromEntries(fields))}${cause}`, secrets);
}

function describeCause(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  return inspect(cause, { depth: 1 });
}
