import { debugFromEnvironment, debugObserver } from './debug.ts';
import type { StorageEvent, StorageObserver } from './events.ts';
import { logObserver, type StorageLogger } from './logger.ts';

/** What a call reports to: all who listen, in one. Never throws. */
export type Observer = (event: StorageEvent) => void;

/** Who wants to know. */
interface ObserverOptions {
  readonly observer?: StorageObserver | readonly StorageObserver[] | undefined;
  readonly logger?: StorageLogger | undefined;
  readonly debug?: boolean | undefined;
}

/** All observers in one; undefined when nobody listens, so that no event is made. */
export function makeObserver(options: ObserverOptions): Observer | undefined {
  const observers = listeners(options).map(guarded);
  if (observers.length === 0) return undefined;
  if (observers.length === 1) return observers[0];
  return (event) => {
    for (const observe of observers) observe(event);
  };
}

function listeners({ observer, logger, debug }: ObserverOptions): StorageObserver[] {
  const own = observer === undefined ? [] : typeof observer === 'function' ? [observer] : observer;
  return [
    ...own,
    ...(logger === undefined ? [] : [logObserver(logger)]),
    ...((debug ?? debugFromEnvironment()) ? [debugObserver()] : []),
  ];
}

/** An observer whose failures stay its own: the first is a warning of the process, the others would only repeat it. */
function guarded(observer: StorageObserver): Observer {
  let hasWarned = false;
  function warn(error: unknown): void {
    if (hasWarned) return;
    hasWarned = true;
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`a storage observer failed, further failures are not reported: ${message}`, 'StorageWarning');
  }
  return (event) => {
    try {
      // An async function fits the type as well; its rejection must not end the process.
      const observed: (event: StorageEvent) => unknown = observer;
      const result = observed(event);
      if (result instanceof Promise) result.catch(warn);
    } catch (error) {
      warn(error);
    }
  };
}
