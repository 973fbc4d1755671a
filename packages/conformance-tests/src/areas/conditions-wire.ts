import assert from 'node:assert/strict';
import type { SaveOptions, SaveResult } from '@storage/core';
import { isStorageError } from '@storage/core';
import { headOf, holds } from '../assertions.ts';
import { iterable, pattern, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import type { ConnectionFault } from '../faults/connection-fault.ts';

const uses = ['server'] as const;

/** How the answer to a write that was applied gets lost. */
const losses: readonly ConnectionFault[] = [
  { kind: 'lose-answer' },
  { kind: 'answer', status: 500, applied: true },
  { kind: 'answer', status: 503, applied: true },
  { kind: 'reset-answer', afterBytes: 0 },
  { kind: 'reset-after' },
];

/** A service may drop a request whose connection breaks before it has answered. */
function mayBeUndone(fault: ConnectionFault): boolean {
  return fault.kind === 'reset-after';
}

/** One save whose answer is lost, under one of three conditions, with one of three bodies. */
async function loseOne(context: CaseContext, wired: Wired, round: number): Promise<void> {
  const key = context.key(`round-${round}`);
  const { ifAbsentPut, ifMatchPut } = context.capabilities;
  const condition = [ifAbsentPut && 'ifAbsent', ifMatchPut && 'ifMatch', 'none'][round % 3];
  const fault = losses[Math.floor(round / 3) % losses.length] as ConnectionFault;
  const bytes = pattern(100 + round, round + 1);
  const body = [bytes, webStream(bytes), () => iterable(bytes)][Math.floor(round / 2) % 3];
  const options: SaveOptions = { metadata: { round: String(round) } };
  if (condition === 'ifAbsent') Object.assign(options, { ifAbsent: true });
  if (condition === 'ifMatch') Object.assign(options, { ifMatch: (await context.backend.save(key, 'old')).etag });

  await wired.proxy.arm({ method: 'PUT', fault });
  const outcome: unknown = await wired.backend.save(key, body as Uint8Array, options).catch((error: unknown) => error);
  const what = `round ${round}: ${fault.kind} with ${condition || 'no condition'}`;
  assert.equal(wired.proxy.fired, 1, `${what}: the answer was lost`);
  if (isStorageError(outcome)) {
    assert.equal(outcome.retryable, 'ambiguous', `${what}: ${outcome.message}`);
    if (mayBeUndone(fault)) return;
  }
  await holds(context.backend, key, bytes);
  const info = await headOf(context.backend, key);
  assert.deepEqual({ ...info.metadata }, { round: String(round) }, what);
  // A request that nobody waits for may come after the one that was made again.
  if (!isStorageError(outcome) && fault.kind !== 'reset-after')
    assert.equal((outcome as SaveResult).etag, info.etag, what);
}

type Wired = Awaited<ReturnType<CaseContext['makeProxied']>>;

const lostAnswers: ConformanceCase = {
  number: 179,
  letter: 'a',
  title:
    'over a connection: a write whose answer was lost after the commit succeeds or is ambiguous, and is never a failure',
  uses,
  claims: ['ifAbsentPut', 'ifMatchPut'],
  timeoutMs: 60_000,
  run: async (context) => {
    const rounds = count(60, 1000);
    let next = 0;
    const worker = async (): Promise<void> => {
      const wired = await context.makeProxied({ retry: { baseDelayMs: 5, throttledDelayMs: 5 } });
      while (next < rounds) {
        next += 1;
        await loseOne(context, wired, next - 1);
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
  },
};

const lostCompletes: ConformanceCase = {
  number: 179,
  letter: 'b',
  title: 'over a connection: an upload in parts whose last answer was lost succeeds or is ambiguous, and is whole',
  uses,
  claims: ['ifAbsentPut', 'multipart'],
  needs: ({ multipart, ifAbsentPut }) => multipart !== false && ifAbsentPut,
  timeoutMs: 60_000,
  run: async (context) => {
    const { partSize } = context.limits;
    const large = pattern(partSize + 9, 179);
    const { backend, proxy } = await context.makeProxied({ retry: { baseDelayMs: 5, throttledDelayMs: 5 } });
    await proxy.arm();
    await backend.save(context.key('model'), webStream(large), { partSize, ifAbsent: true });
    const last = proxy.requests.length - 1;
    assert.ok(last >= 2, `${last} requests and a commit`);
    for (let round = 0; round < count(2, 50); round += 1) {
      const key = context.key(`round-${round}`);
      const fault = losses[round % losses.length] as ConnectionFault;
      await proxy.arm({ skip: last, fault });
      const outcome: unknown = await backend
        .save(key, webStream(large), { partSize, ifAbsent: true })
        .catch((error: unknown) => error);
      assert.equal(proxy.fired, 1, 'the answer was lost');
      if (isStorageError(outcome)) {
        assert.equal(outcome.retryable, 'ambiguous', outcome.message);
        if (mayBeUndone(fault)) continue;
      }
      await holds(context.backend, key, large);
    }
  },
  refused: async ({ makeProxied, key, backend }) => {
    await backend.save(key(), 'old');
    const { proxy } = await makeProxied();
    await proxy.arm();
    assert.deepEqual(proxy.requests, []);
  },
};

/** Answers that are lost on a real connection. */
export const lostOnTheWire: readonly ConformanceCase[] = [lostAnswers, lostCompletes];
