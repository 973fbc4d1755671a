import type { Pace } from './pace.ts';
import { type Call, stepAt, type Task } from './task.ts';

export { traceCalls } from './task.ts';

/** Runs a task: each call at once while the disk is quick, otherwise by the thread pool. */
export async function run<T>(pace: Pace, task: Task<T>): Promise<T> {
  for (let wait = pace.enter(); wait !== undefined; wait = pace.isTurnOver() ? pace.enterAgain() : undefined)
    await wait;
  try {
    let step = stepAt(pace, () => task.next());
    while (step.done !== true) {
      const answer = await answerTo(step.value);
      pace.resume();
      step = stepAt(pace, () => ('error' in answer ? task.throw(answer.error) : task.next(answer.value)));
    }
    return step.value;
  } finally {
    pace.endTask();
  }
}

function answerTo(call: Call): Promise<{ readonly value: unknown } | { readonly error: Error }> {
  return new Promise((resolve) => {
    call.start((error, value) => {
      resolve(error === null ? { value } : { error });
    });
  });
}
