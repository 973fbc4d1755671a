import type { StorageError } from '../errors/storage-error.ts';

/** What is wrong with an option: `path` is `''` for the value itself, else `.member` or `[0]`, from outside in. */
export interface Fault {
  readonly path: string;
  /** Goes on from the path: `must be …`. */
  readonly message: string;
  /** Name of the option beside this one that was probably meant; the message says so too. */
  readonly near?: string;
}

/** Beside the message, so that whoever read the options from a file can say where each is written. */
const key: unique symbol = Symbol.for('@storage/option-faults') as never;

/** An error, with the faults that its message tells. */
export function withFaults(error: StorageError, faults: readonly Fault[]): StorageError {
  return Object.defineProperty(error, key, { value: faults });
}

/** The faults of an error of this copy of the package or another. */
export function faultsOfError(error: Error): readonly Fault[] | undefined {
  return (error as { readonly [key]?: readonly Fault[] })[key];
}
