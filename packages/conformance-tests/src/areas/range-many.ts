import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertCode, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';
import { randomFrom } from '../keys.ts';
import { inParallel } from '../parallel.ts';
import { gives } from './range-case.ts';

export const manyRanges: readonly ConformanceCase[] = [
  {
    number: 90,
    title: 'many ranges at once give exact slices, and a parallel download the exact file',
    run: async ({ backend, key }) => {
      const whole = pattern(1_000_003, 90);
      await backend.save(key(), whole);
      const step = 77_777;
      const starts = Array.from({ length: Math.ceil(whole.byteLength / step) }, (_, index) => index * step);
      await inParallel(starts, (start) =>
        gives(backend, key(), { start, length: step }, whole, start, Math.min(start + step, whole.byteLength)),
      );
      const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
      try {
        const path = join(folder, 'file');
        const info = await backend.downloadFile(key(), path, { partSize: 100_000, concurrency: 4 });
        assert.equal(info.size, whole.byteLength);
        sameBytes(await readFile(path), whole, 'downloaded file');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    number: 91,
    title: 'random offsets and lengths agree with slices',
    run: async ({ backend, key }) => {
      const size = 150_000;
      const whole = pattern(size, 91);
      await backend.save(key(), whole);
      const random = randomFrom(91);
      const upTo = (limit: number): number => Math.floor(random() * limit);
      const ranges = Array.from({ length: count(60, 5000) }, () => ({ start: upTo(size), length: upTo(size) }));
      await inParallel(ranges, ({ start, length }) =>
        gives(backend, key(), { start, length }, whole, start, Math.min(start + length, size)),
      );
      const suffixes = Array.from({ length: count(15, 1000) }, () => 1 + upTo(2 * size));
      await inParallel(suffixes, (suffix) =>
        gives(backend, key(), { suffix }, whole, Math.max(0, size - suffix), size),
      );
    },
  },
  {
    number: 92,
    title: 'an answer with another range than was asked for is never given as that range',
    run: async ({ backend, key, makeFaulty }) => {
      const whole = pattern(200_000, 92);
      await backend.save(key(), whole);
      for (const answer of ['whole', 'shifted', 'mislabelled'] as const) {
        for (const range of [{ start: 1000, end: 150_000 }, { start: 199_000 }]) {
          const rules: FaultRule[] = [{ on: 'get', times: 1000, fault: { kind: 'wrong-range', answer } }];
          const wrong = await makeFaulty(rules);
          const outcome = await wrong.backend.retrieve(key(), { range }).then(
            (file) => file.bytes().catch((error: unknown) => error),
            (error: unknown) => error,
          );
          // A whole answer that is labelled as such may be cut to what was asked for.
          if (outcome instanceof Uint8Array) sameBytes(outcome, whole.subarray(range.start, range.end), answer);
          else assertCode(outcome, 'Corrupted', 'Unavailable', 'LengthMismatch', 'InvalidRange');
          assert.ok(wrong.faults.fired > 0);
        }
      }
    },
  },
];
