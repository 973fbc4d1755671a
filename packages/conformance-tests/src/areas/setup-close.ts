import { assertCode, expectCode, holds, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { faulty } from '../faults/faulty-driver.ts';
import { bytes, everyCall } from './setup-case.ts';

export const setupClose: readonly ConformanceCase[] = [
  {
    number: 5,
    title: 'after close every call rejects Closed, and closing again is fine',
    run: async ({ backend, harness, key }) => {
      await backend.save(key(), bytes);
      const closing = await harness.make();
      await closing.initialize();
      await closing.close();
      await closing.close();
      for (const call of Object.values(everyCall(closing, key()))) await expectCode(call, 'Closed');
      await holds(backend, key(), bytes);
    },
  },
  {
    number: 5,
    title: 'a reader that is open when the instance closes finishes whole or fails cleanly',
    run: async ({ backend, harness, key }) => {
      const large = pattern(2 * 1024 * 1024);
      await backend.save(key(), large);
      const closing = await harness.make();
      const file = await closing.retrieve(key());
      await closing.close();
      const outcome = await file.bytes().catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) sameBytes(outcome, large);
      else assertCode(outcome, 'Closed', 'Aborted', 'Unavailable');
    },
  },
  {
    number: 5,
    title: '`await using` closes',
    run: async ({ harness, key }) => {
      const backend = await harness.make();
      await backend[Symbol.asyncDispose]();
      await expectCode(backend.exists(key()), 'Closed');
    },
  },
  {
    number: 5,
    title: 'closing a view leaves the backend under it open',
    run: async ({ make, key }) => {
      const backend = await make();
      const view = backend.with(faulty());
      await view.save(key(), bytes);
      await view.close();
      await expectCode(view.exists(key()), 'Closed');
      await holds(backend, key(), bytes);
    },
  },
];
