import assert from 'node:assert/strict';
import { assertCode, headOf, rejectionOf, sameBytes } from '../assertions.ts';
import { concatenate, pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';

/** Not buffered when the read resolves. */
const size = 300_000;

export const readFaults: readonly ConformanceCase[] = [
  {
    number: 76,
    title: 'a connection that is cut mid-body is resumed where it was, pinned to the etag',
    run: async ({ backend, key, makeFaulty }) => {
      const bytes = pattern(size, 76);
      await backend.save(key(), bytes);
      const { etag } = await headOf(backend, key());
      for (const afterBytes of [0, 1, 100_000, size - 1]) {
        const cut = await makeFaulty([{ on: 'get', fault: { kind: 'cut-body', afterBytes } }]);
        const file = await cut.backend.retrieve(key());
        sameBytes(await file.bytes(), bytes);
        assert.equal(cut.faults.fired, 1);
        const resumed = cut.faults.calls.filter((call) => call.operation === 'get').at(-1);
        if (afterBytes > 0) {
          assert.equal(resumed?.request['ifMatch'], etag, 'pinned to the etag');
          assert.equal((resumed.request['range'] as { start?: number } | undefined)?.start, afterBytes);
        }
      }
    },
  },
  {
    number: 76,
    title: 'a cut of a range is resumed within the range',
    run: async ({ backend, key, makeFaulty }) => {
      const bytes = pattern(size, 76);
      await backend.save(key(), bytes);
      const ranges = [
        { options: { start: 1000, end: 200_000 }, expected: bytes.subarray(1000, 200_000) },
        { options: { suffix: 150_000 }, expected: bytes.subarray(-150_000) },
        { options: { start: 5, length: 100_000 }, expected: bytes.subarray(5, 100_005) },
      ];
      for (const { options, expected } of ranges) {
        const cut = await makeFaulty([{ on: 'get', fault: { kind: 'cut-body', afterBytes: 70_000 } }]);
        const file = await cut.backend.retrieve(key(), { range: options });
        sameBytes(await file.bytes(), expected);
        assert.equal(cut.faults.fired, 1);
      }
    },
  },
  {
    number: 76,
    title: 'a connection that is cut again and again is given up with a typed error, after bounded attempts',
    timeoutMs: 60_000,
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key(), pattern(size, 76));
      const rules: FaultRule[] = [{ on: 'get', times: 1000, fault: { kind: 'cut-body', afterBytes: 0 } }];
      const cut = await makeFaulty(rules);
      const error = await rejectionOf(async () => (await cut.backend.retrieve(key())).bytes());
      assertCode(error, 'Unavailable');
      assert.ok(cut.faults.fired > 1 && cut.faults.fired < 40, `${cut.faults.fired} attempts`);
    },
  },
  {
    number: 76,
    title: 'a body that ends early as if it were complete is never taken for complete',
    run: async ({ backend, key, makeFaulty }) => {
      const bytes = pattern(size, 76);
      await backend.save(key(), bytes);
      for (const range of [undefined, { start: 10, end: 250_000 }]) {
        const expected = range === undefined ? bytes : bytes.subarray(10, 250_000);
        const once = await makeFaulty([{ on: 'get', fault: { kind: 'truncate-body', afterBytes: 100_000 } }]);
        const outcome = await readAll(once.backend.retrieve(key(), { range }));
        if (outcome instanceof Uint8Array) sameBytes(outcome, expected);
        else assertCode(outcome, 'Unavailable', 'Corrupted', 'LengthMismatch');
        assert.equal(once.faults.fired, 1);
        const always = await makeFaulty([{ on: 'get', times: 1000, fault: { kind: 'truncate-body', afterBytes: 0 } }]);
        const error = await readAll(always.backend.retrieve(key(), { range }));
        assertCode(error, 'Unavailable', 'Corrupted', 'LengthMismatch');
        assert.ok(always.faults.fired > 0);
      }
    },
  },
  {
    number: 76,
    title: 'bytes that do not fit the stored checksum reject ChecksumMismatch at the end of the stream',
    claims: ['storedChecksum'],
    needs: (capabilities) => capabilities.storedChecksum !== false,
    run: async ({ backend, key, makeFaulty }) => {
      for (const length of [100, size]) {
        await backend.save(key(), pattern(length, 19));
        const rules: FaultRule[] = [{ on: 'get', times: 1000, fault: { kind: 'corrupt-body' } }];
        const corrupt = await makeFaulty(rules);
        const outcome = await readAll(corrupt.backend.retrieve(key()));
        assertCode(outcome, 'ChecksumMismatch');
        const unverified = await corrupt.backend.retrieve(key(), { integrity: 'none' });
        assert.equal((await unverified.bytes()).byteLength, length, 'not verified by choice');
        assert.ok(corrupt.faults.fired >= 2);
      }
    },
    refused: async ({ backend, key }) => {
      await backend.save(key(), pattern(100));
      assert.equal((await headOf(backend, key())).checksum, undefined, 'no checksum is made up');
    },
  },
  {
    number: 77,
    title: 'a body that stalls while a reader waits rejects Timeout',
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key(), pattern(size, 77));
      for (const afterBytes of [0, 100_000]) {
        const rules: FaultRule[] = [{ on: 'get', times: 1000, fault: { kind: 'stall-body', afterBytes } }];
        const stalled = await makeFaulty(rules, { idleTimeoutMs: 200 });
        const began = performance.now();
        const outcome = await readAll(stalled.backend.retrieve(key(), { timeoutMs: 8000 }));
        assertCode(outcome, 'Timeout');
        assert.ok(performance.now() - began > 150, 'not before the idle timeout');
        assert.ok(stalled.faults.fired > 0);
      }
    },
  },
  {
    number: 77,
    title: 'a slow consumer is no stall',
    run: async ({ backend, key, make }) => {
      const bytes = pattern(2 * 1024 * 1024, 77);
      await backend.save(key(), bytes);
      const impatient = await make({ idleTimeoutMs: 120 });
      const chunks: Uint8Array[] = [];
      let pauses = 0;
      for await (const chunk of await impatient.retrieve(key())) {
        chunks.push(chunk);
        if ((pauses += 1) <= 2) await new Promise((resolve) => setTimeout(resolve, 300));
      }
      sameBytes(concatenate(chunks), bytes);
    },
  },
  {
    number: 78,
    title: 'an object that changed between a cut and its resume rejects PreconditionFailed, and no byte of the new one',
    run: async ({ backend, key, makeFaulty }) => {
      const [old, other] = [pattern(size, 78), pattern(size, 87)];
      for (const change of [() => backend.save(key(), other), () => backend.delete(key())]) {
        await backend.save(key(), old);
        const rules: FaultRule[] = [
          { on: 'get', fault: { kind: 'cut-body', afterBytes: 100_000 } },
          { on: 'get', fault: { kind: 'before', run: change } },
        ];
        const cut = await makeFaulty(rules);
        const file = await cut.backend.retrieve(key());
        const chunks: Uint8Array[] = [];
        const error = await rejectionOf(async () => {
          for await (const chunk of file) chunks.push(chunk);
        });
        assertCode(error, 'PreconditionFailed', 'NotFound');
        const read = concatenate(chunks);
        sameBytes(read, old.subarray(0, read.byteLength), 'only bytes of the old object');
        assert.equal(cut.faults.fired, 2);
      }
    },
  },
];

/** The bytes of a read, or what it rejected with. */
async function readAll(file: Promise<{ bytes: () => Promise<Uint8Array> }>): Promise<unknown> {
  try {
    return await (await file).bytes();
  } catch (error) {
    return error;
  }
}
