/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts.
 * What lost the race is left to settle on its own; its rejection is not reported again.
 */
export function untilAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).then(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
