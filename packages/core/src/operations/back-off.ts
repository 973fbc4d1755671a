import { sleep } from '../call/sleep.ts';
import type { Call } from '../call.ts';

const longestMs = 50;

/** Waits a random time that grows with the rounds lost, so that callers who race do not lose in lock step. */
export async function backOff(call: Call, round: number): Promise<void> {
  await sleep(Math.random() * Math.min(longestMs, 2 ** round), call.signal).catch(() => undefined);
}
