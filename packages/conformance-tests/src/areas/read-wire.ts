import assert from 'node:assert/strict';
import type { RetrievedFile } from '@storage/core';
import { assertCode, headOf, rejectionOf, sameBytes } from '../assertions.ts';
import { concatenate, pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import type { ProxiedRequest } from '../faults/connection-fault.ts';
import { withinMs } from '../timing.ts';

const uses = ['server'] as const;

/** More than what the kernel and the client take at once. */
const size = 3_000_000;

const resumed: ConformanceCase = {
  number: 76,
  letter: 'a',
  title: 'over a connection: a download that is cut is resumed where it was, pinned to the etag',
  uses,
  run: async ({ backend, key, makeProxied }) => {
    const bytes = pattern(size, 76);
    await backend.save(key(), bytes);
    const { etag } = await headOf(backend, key());
    const wired = await makeProxied({ retry: { baseDelayMs: 10 } });
    for (const kind of ['reset-answer', 'end-answer'] as const) {
      for (const afterBytes of [0, 1, 1_000_000, size - 1]) {
        await wired.proxy.arm({ method: 'GET', fault: { kind, afterBytes } });
        sameBytes(await (await wired.backend.retrieve(key())).bytes(), bytes, `${kind} after ${afterBytes}`);
        assert.equal(wired.proxy.fired, 1);
        const again = wired.proxy.requests.at(-1) as ProxiedRequest;
        const start = startOf(again);
        // Before the first byte it may be the same request again.
        if (start === undefined) assert.ok(afterBytes <= 1, 'the whole is not read again');
        else {
          assert.ok(start <= afterBytes, `goes on at ${start}`);
          assert.equal(again.headers['if-match'], etag, 'pinned to the etag');
        }
      }
    }
  },
};

const rangeResumed: ConformanceCase = {
  number: 76,
  letter: 'b',
  title: 'over a connection: a range that is cut twice is resumed within the range',
  uses,
  run: async ({ backend, key, makeProxied }) => {
    const bytes = pattern(size, 76);
    await backend.save(key(), bytes);
    const wired = await makeProxied({ retry: { baseDelayMs: 10 } });
    const ranges = [
      { range: { start: 1000, end: 2_900_000 }, expected: bytes.subarray(1000, 2_900_000) },
      { range: { suffix: 2_500_000 }, expected: bytes.subarray(-2_500_000) },
    ];
    for (const { range, expected } of ranges) {
      await wired.proxy.arm({ method: 'GET', times: 2, fault: { kind: 'reset-answer', afterBytes: 900_000 } });
      sameBytes(await (await wired.backend.retrieve(key(), { range })).bytes(), expected);
      assert.equal(wired.proxy.fired, 2);
    }
  },
};

const neverShort: ConformanceCase = {
  number: 76,
  letter: 'c',
  title:
    'over a connection: an answer that announces less than it should, or whose bytes are wrong, is never taken for right',
  uses,
  claims: ['storedChecksum'],
  needs: ({ storedChecksum }) => storedChecksum !== false,
  run: async ({ backend, key, makeProxied }) => {
    const bytes = pattern(size, 76);
    await backend.save(key(), bytes);
    const wired = await makeProxied({ retry: { baseDelayMs: 10 } });
    await wired.proxy.arm({ method: 'GET', times: 1000, fault: { kind: 'shorten-answer', afterBytes: 1_000_000 } });
    const short = await rejectionOf(async () => (await wired.backend.retrieve(key())).bytes());
    assertCode(short, 'ChecksumMismatch', 'LengthMismatch', 'Corrupted', 'Unavailable');
    // What is missing of a range shows in its Content-Range, and is asked for.
    const range = { start: 10, end: 2_000_000 };
    sameBytes(await (await wired.backend.retrieve(key(), { range })).bytes(), bytes.subarray(10, 2_000_000));
    await wired.proxy.arm({ method: 'GET', times: 1000, fault: { kind: 'corrupt-answer' } });
    const wrong = await rejectionOf(async () => (await wired.backend.retrieve(key())).bytes());
    assertCode(wrong, 'ChecksumMismatch');
    assert.ok(wired.proxy.fired >= 1);
  },
  refused: async ({ backend, key }) => {
    await backend.save(key(), pattern(100));
    assert.equal((await headOf(backend, key())).checksum, undefined, 'no checksum is made up');
  },
};

const stalls: ConformanceCase = {
  number: 77,
  letter: 'a',
  title: 'over a connection: a download that stalls while a reader waits rejects Timeout',
  uses,
  run: async ({ backend, key, makeProxied }) => {
    await backend.save(key(), pattern(size, 77));
    const wired = await makeProxied({ idleTimeoutMs: 250, retry: { attempts: 2, baseDelayMs: 10 } });
    for (const afterBytes of [0, 1_000_000]) {
      await wired.proxy.arm({ method: 'GET', times: 1000, fault: { kind: 'stall-answer', afterBytes } });
      const began = performance.now();
      const error = await withinMs(10_000, 'a download that stalls', () =>
        rejectionOf(async () => (await wired.backend.retrieve(key())).bytes()),
      );
      assertCode(error, 'Timeout');
      assert.ok(performance.now() - began > 200, 'not before the idle timeout');
      assert.ok(wired.proxy.fired >= 1);
    }
  },
};

const changed: ConformanceCase = {
  number: 78,
  letter: 'a',
  title: 'over a connection: an object that changed between a cut and its resume rejects PreconditionFailed',
  uses,
  run: async ({ backend, key, makeProxied }) => {
    const [old, other] = [pattern(size, 78), pattern(size, 87)];
    const wired = await makeProxied({ retry: { baseDelayMs: 10 } });
    for (const change of [() => backend.save(key(), other), () => backend.delete(key())]) {
      await backend.save(key(), old);
      await wired.proxy.arm(
        { method: 'GET', fault: { kind: 'reset-answer', afterBytes: 1_000_000 } },
        { method: 'GET', fault: { kind: 'before', run: change } },
      );
      const chunks: Uint8Array[] = [];
      const file: RetrievedFile = await wired.backend.retrieve(key());
      const error = await rejectionOf(async () => {
        for await (const chunk of file) chunks.push(chunk);
      });
      assertCode(error, 'PreconditionFailed', 'NotFound');
      const read = concatenate(chunks);
      sameBytes(read, old.subarray(0, read.byteLength), 'only bytes of the old object');
      assert.equal(wired.proxy.fired, 2);
    }
  },
};

/** Where a ranged request begins; undefined for one of the whole. */
function startOf({ headers }: ProxiedRequest): number | undefined {
  const [, start] = /^bytes=(\d+)-/.exec(String(headers['range'] ?? headers['x-ms-range'] ?? '')) ?? [];
  return start === undefined ? undefined : Number(start);
}

/** Downloads that break on a real connection. */
export const readsOnTheWire: readonly ConformanceCase[] = [resumed, rangeResumed, neverShort, stalls, changed];
