import assert from 'node:assert/strict';
import { isStorageError } from '@storage/core';
import { sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';

const wrongRanges: ConformanceCase = {
  number: 92,
  letter: 'a',
  title: 'over a connection: a server that ignores a range or answers another is noticed, or its bytes are used right',
  uses: ['server'],
  run: async ({ backend, key, makeProxied }) => {
    const whole = pattern(200_000, 92);
    await backend.save(key(), whole);
    const wired = await makeProxied({ retry: { attempts: 2, baseDelayMs: 5 } });
    const ranges = [
      { range: { start: 1000, end: 2000 }, expected: whole.subarray(1000, 2000) },
      { range: { start: 150_000 }, expected: whole.subarray(150_000) },
      { range: { suffix: 500 }, expected: whole.subarray(-500) },
      { range: { start: 100, length: 150_000 }, expected: whole.subarray(100, 150_100) },
    ];
    for (const answer of ['whole', 'shifted', 'mislabelled'] as const) {
      for (const { range, expected } of ranges) {
        await wired.proxy.arm({ method: 'GET', times: 1000, fault: { kind: 'wrong-range', answer } });
        const what = `${answer} for ${JSON.stringify(range)}`;
        const outcome: unknown = await wired.backend
          .retrieve(key(), { range })
          .then((file) => file.bytes())
          .catch((error: unknown) => error);
        assert.ok(wired.proxy.fired >= 1, what);
        if (outcome instanceof Uint8Array) sameBytes(outcome, expected, what);
        else assert.ok(isStorageError(outcome), what);
      }
    }
  },
};

/** Ranges that a real connection answers wrongly. */
export const rangesOnTheWire: readonly ConformanceCase[] = [wrongRanges];
