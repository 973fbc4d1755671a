import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { DriverFault } from '@storage/core/driver';
import { absent, assertCode, eventually, expectCode, rejectionOf, unchanged } from '../assertions.ts';
import { hangingBody, pattern, signalled } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';
import { denied } from '../faults/faulty-driver.ts';
import { during } from '../parallel.ts';
import { sizes } from './write-case.ts';

/** Every request that carries bytes of a save. */
const uploads = ['put', 'multipart.putPart'] as const;

/** Waits until a number stays as it is for a while. */
async function settled(value: () => number): Promise<void> {
  let [last, quietSince] = [value(), performance.now()];
  while (performance.now() - quietSince < 300) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (value() === last) continue;
    [last, quietSince] = [value(), performance.now()];
  }
}

export const writeLimits: readonly ConformanceCase[] = [
  {
    number: 61,
    title: 'a full store is QuotaExceeded: not retried, nothing partial, the old object intact',
    run: async (context) => {
      const { backend, key, limits, makeFaulty } = context;
      const error = (): DriverFault => new DriverFault('QuotaExceeded', 'injected: no space left');
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        const rules: FaultRule[] = [{ on: uploads, times: 100, fault: { kind: 'cut-body', afterBytes: 500, error } }];
        const full = await makeFaulty(rules);
        const save = (name: string): Promise<unknown> =>
          full.backend.save(key(name), pattern(size), { partSize: limits.partSize });
        await expectCode(save('new'), 'QuotaExceeded');
        assert.ok(full.faults.fired > 0);
        const sent = full.faults.calls.map((call) => `${call.operation} ${String(call.request['partNumber'])}`);
        assert.equal(new Set(sent).size, sent.length, 'what cannot succeed is not retried');
        await unchanged(backend, key('old'), () => expectCode(save('old'), 'QuotaExceeded'));
      }
      await absent(backend, key('new'));
    },
  },
  {
    number: 64,
    title: 'while the service does not take bytes, the source is not read beyond the bound',
    run: async ({ key, limits, capabilities, makeFaulty }) => {
      const gate = signalled();
      const stuck = await makeFaulty([
        { on: uploads, times: 1000, fault: { kind: 'before', run: () => gate.promise } },
      ]);
      const bound = Math.max(limits.partSize * 2, 64 * 1024 * 1024);
      const chunk = pattern(1024 * 1024);
      let taken = 0;
      async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
        for (let sent = 0; sent < 2 * bound; sent += chunk.byteLength) {
          taken += chunk.byteLength;
          yield chunk;
        }
      }
      const controller = new AbortController();
      const options = { partSize: limits.partSize, concurrency: 2, signal: controller.signal };
      const error = await during(rejectionOf(stuck.backend.save(key(), source(), options)), async () => {
        await settled(() => taken);
        controller.abort();
        gate.fire();
      });
      const { multipart, singlePut } = capabilities;
      // Without either way to send what has no size, it is refused once it is more than may be buffered.
      const sends = multipart !== false || singlePut.unknownSize;
      assertCode(error, sends ? 'Aborted' : 'Unsupported');
      assert.equal(stuck.faults.fired > 0, sends, 'requests were held back');
      assert.ok(taken <= bound + chunk.byteLength, `${taken} bytes were taken, the bound is ${bound}`);
    },
  },
  {
    number: 65,
    title: 'the source is given back when the write fails',
    run: async ({ key, limits, makeFaulty }) => {
      const endless = (): { body: ReadableStream<Uint8Array>; cancelled: () => boolean } => {
        let cancelled = false;
        const pull = (controller: ReadableStreamDefaultController): void => controller.enqueue(pattern(64 * 1024));
        const cancel = (): void => {
          cancelled = true;
        };
        return { body: new ReadableStream({ pull, cancel }), cancelled: () => cancelled };
      };
      const rules: FaultRule[] = [
        { on: [...uploads, 'multipart.create'], times: 1000, fault: { kind: 'fail-before', error: denied } },
      ];
      const failing = await makeFaulty(rules);
      const options = { partSize: limits.partSize, size: 4 * limits.partSize };
      const web = endless();
      await expectCode(failing.backend.save(key(), web.body, options), 'PermissionDenied');
      await eventually(web.cancelled, 'a web stream is cancelled');
      const node = Readable.fromWeb(endless().body as never);
      await expectCode(failing.backend.save(key(), node, options), 'PermissionDenied');
      await eventually(() => node.destroyed, 'a Node stream is destroyed');
      const source = hangingBody(pattern(4 * limits.partSize));
      await expectCode(failing.backend.save(key(), source.body, options), 'PermissionDenied');
      await eventually(source.returned, 'an iterator is returned');
      assert.ok(failing.faults.fired >= 3);
    },
  },
  {
    number: 65,
    title: 'the source is given back when the call is refused or aborted',
    run: async ({ backend, key }) => {
      const refused = hangingBody(pattern(10));
      await expectCode(backend.save('', refused.body), 'InvalidKey');
      await eventually(refused.returned, 'a source of a refused call');
      const controller = new AbortController();
      const aborted = hangingBody(pattern(10));
      const saving = expectCode(backend.save(key(), aborted.body, { signal: controller.signal }), 'Aborted');
      await during(saving, async () => {
        await aborted.reached;
        controller.abort();
      });
      await eventually(aborted.returned, 'a source of an aborted call');
    },
  },
];
