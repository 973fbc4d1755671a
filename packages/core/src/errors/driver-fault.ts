import type { Classification, Retryable } from './classification.ts';
import type { ErrorCode } from './codes.ts';

const brand: unique symbol = Symbol.for('@storage/driver-fault') as never;

/**
 * A refusal that a driver or core itself decides, named where it happens; `StorageBackend` makes the `StorageError`.
 *
 * @example
 * throw new DriverFault('AlreadyExists', 'the key is taken');
 */
export class DriverFault extends Error {
  readonly classification: Classification;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryable?: Retryable; readonly hint?: string } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'DriverFault';
    this.classification = {
      code,
      retryable: options.retryable ?? 'no',
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    };
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether an error is a `DriverFault`, of this copy of the package or another. */
export function isDriverFault(error: unknown): error is DriverFault {
  return typeof error === 'object' && error !== null && brand in error;
}
