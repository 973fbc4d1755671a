import type { Call, Operation } from '../call.ts';
import { checkBaseOptions } from '../check.ts';
import type { BaseOptions } from '../options.ts';
import type { CallState } from './call-state.ts';
import { createCall } from './create-call.ts';
import { closedFault } from './lifecycle.ts';
import type { Runtime } from './runtime.ts';

const noOptions: BaseOptions = Object.freeze({});

/**
 * Runs one public method: refuses a closed backend and bad base options, then does the work in a call of its own.
 * Rejects with a `StorageError` and nothing else. `options` are widened here, since a driver knows nothing of what its
 * type forbids.
 */
export function perform<T>(
  runtime: Runtime,
  operation: Operation,
  key: unknown,
  options: object | undefined,
  work: (call: Call, options: never, key: never, subject: never) => Promise<T>,
  subject?: unknown,
): Promise<T> {
  const call = createCall(runtime, operation, typeof key === 'string' ? key : undefined);
  try {
    if (runtime.lifecycle.closed) throw closedFault();
    call.limit(options === undefined ? noOptions : checkBaseOptions(options));
    const result = work(call, (options ?? noOptions) as never, key as never, subject as never);
    return call.concludesWith(result) ? result : finishing(call, result);
  } catch (error) {
    return Promise.reject(failed(call, error));
  }
}

/** The result of work of several steps, which ends the call when it is there. */
async function finishing<T>(call: CallState, result: Promise<T>): Promise<T> {
  try {
    const value = await result;
    call.finish(undefined);
    return value;
  } catch (error) {
    throw failed(call, error);
  }
}

function failed(call: CallState, error: unknown): Error {
  const failure = call.wrap(error);
  call.finish(failure);
  return failure;
}

/** Closes a backend, once; a driver that fails to close rejects as any other of its members would. */
export async function performClose(runtime: Runtime): Promise<void> {
  try {
    await runtime.lifecycle.close();
  } catch (error) {
    throw failed(createCall(runtime, 'close', undefined), error);
  }
}
