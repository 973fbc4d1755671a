import { PerformanceObserver } from 'node:perf_hooks';

type Call = () => Promise<unknown>;

const rounds = 6;

/** The least CPU of some rounds: what others make this machine do only ever adds to it. */
export async function microsecondsPerCall(call: Call, calls = 50_000): Promise<number> {
  await repeat(call, calls);
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const cpu = process.cpuUsage();
    await repeat(call, calls);
    const { user, system } = process.cpuUsage(cpu);
    least = Math.min(least, (user + system) / calls);
  }
  return least;
}

/**
 * Bytes that a call allocates on the heap, by the growth of the heap over calls between which nothing was collected: the
 * median of some rounds. It needs `--expose-gc` and a young generation that holds them all (`--min-semi-space-size=256`).
 */
export async function bytesPerCall(call: Call, calls = 10_000): Promise<number> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const samples: number[] = [];
  for (let round = 0; round < rounds - 1; round++) {
    globalThis.gc?.();
    // A full collection takes compiled code along: the calls after it are not like those of a program that runs.
    await repeat(call, calls / 4);
    await turnOfTheLoop();
    collections = 0;
    const before = process.memoryUsage().heapUsed;
    await repeat(call, calls);
    const grown = process.memoryUsage().heapUsed - before;
    await turnOfTheLoop();
    if (collections === 0) samples.push(grown / calls);
  }
  observer.disconnect();
  const median = samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)];
  if (median === undefined) throw new Error('the heap was collected in every round: give it --min-semi-space-size=256');
  return median;
}

async function repeat(call: Call, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await call();
}

/** The observer hears of collections in a later turn. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
