import { AsyncLocalStorage } from 'node:async_hooks';
import { describe } from '../check.ts';
import { StorageError } from '../errors/storage-error.ts';

const slot: unique symbol = Symbol.for('@storage/correlation-id') as never;

/** One store for the process, so that two copies of this package see the same id. */
function store(): AsyncLocalStorage<string> {
  const shared = globalThis as { [slot]?: AsyncLocalStorage<string> | undefined };
  return (shared[slot] ??= new AsyncLocalStorage<string>());
}

/**
 * Runs a function; every event of the storage calls that it makes, however deep and however late, carries the id.
 *
 * @param id of the request or job, as your logs know it
 * @returns what `fn` returns
 * @throws StorageError `InvalidArgument` when the id is no string or empty
 *
 * @example
 * await withCorrelationId(request.id, () => backend.save(key, request.body));
 */
export function withCorrelationId<T>(id: string, fn: () => T): T {
  if (typeof id !== 'string' || id === '') {
    throw new StorageError(`a correlation id is a non-empty string, not ${describe(id)}`, {
      code: 'InvalidArgument',
      operation: 'withCorrelationId',
    });
  }
  return store().run(id, fn);
}

/** The id of the work that is running; undefined outside of `withCorrelationId`. */
export function correlationId(): string | undefined {
  return store().getStore();
}
