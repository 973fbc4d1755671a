import type { Call, Operation } from '../call.ts';
import { checkBaseOptions } from '../check.ts';
import type { BaseOptions } from '../options.ts';
import type { CallState } from './call-state.ts';
import { createCall } from './create-call.ts';
import { closedFault } from './lifecycle.ts';
import type { Runtime } from './runtime.ts';

/**
 * Runs one public method: refuses a closed backend and bad base options, then does the work in a call of its own.
 * Rejects with a `StorageError` and nothing else.
 */
export async function perform<T>(
  runtime: Runtime,
  operation: Operation,
  key: unknown,
  options: BaseOptions | undefined,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const call = openCall(runtime, operation, typeof key === 'string' ? key : undefined, options);
  try {
    const result = await work(call);
    call.finish(undefined);
    return result;
  } catch (error) {
    const failure = call.wrap(error);
    call.finish(failure);
    throw failure;
  }
}

function openCall(runtime: Runtime, operation: Operation, key: string | undefined, options: unknown): CallState {
  try {
    if (runtime.lifecycle.closed) throw closedFault();
    return createCall(runtime, operation, key, checkBaseOptions(options));
  } catch (error) {
    const call = createCall(runtime, operation, key, {});
    const failure = call.wrap(error);
    call.finish(failure);
    throw failure;
  }
}

/** Closes a backend, once; a driver that fails to close rejects as any other of its members would. */
export async function performClose(runtime: Runtime): Promise<void> {
  try {
    await runtime.lifecycle.close();
  } catch (error) {
    const call = createCall(runtime, 'close', undefined, {});
    const failure = call.wrap(error);
    call.finish(failure);
    throw failure;
  }
}
