import { call, type Task } from './task.ts';

/** Lets time pass, in milliseconds. */
export function sleep(ms: number): Task<void> {
  return call<void>('sleep', undefined, (done) => {
    setTimeout(() => {
      done(null);
    }, ms);
  });
}
