import type { Pace } from './pace.ts';
import type { Call, Task } from './task.ts';

let trace: ((call: string) => void) | undefined;

/** Tells a test of every call before it is made. */
export function traceCalls(tracer: ((call: string) => void) | undefined): void {
  trace = tracer;
}

/** Runs a task: each call at once while the disk is quick, otherwise by the thread pool. */
export async function run<T>(pace: Pace, task: Task<T>): Promise<T> {
  const turn = pace.nextTurn();
  if (turn !== undefined) await turn;
  try {
    let step = task.next();
    while (step.done !== true) {
      const call = step.value;
      trace?.(call.name);
      let value: unknown;
      try {
        if (call.now !== undefined && pace.quick()) value = pace.timed(call);
        else value = await started(call).finally(pace.resume);
      } catch (error) {
        step = task.throw(error);
        continue;
      }
      step = task.next(value);
    }
    return step.value;
  } finally {
    pace.endTask();
  }
}

function started(call: Call): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.start((error, value) => {
      if (error === null) resolve(value);
      else reject(error);
    });
  });
}
