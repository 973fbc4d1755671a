import { randomBytes } from 'node:crypto';
import {
  type ConnectionFault,
  type FaultProxy,
  type ProxyRule,
  startFaultProxy,
  withClock,
} from '@storage/conformance-tests/faults';
import { isStorageError, type StorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

const azurite = inject('azurite');

/** An answer as the service gives it. */
function refusal(status: number, code: string, headers: Record<string, string> = {}): ConnectionFault {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>x</Message></Error>`;
  const all = { 'x-ms-error-code': code, 'content-type': 'application/xml', ...headers };
  return { kind: 'answer', status, headers: all, body };
}

async function failureOf(call: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!isStorageError(error)) throw new Error('It did not reject with a StorageError.', { cause: error });
  return error;
}

describe.skipIf('skipped' in azurite)('an Azurite behind a proxy that harms', () => {
  const containerName = `faults-${randomBytes(6).toString('hex')}`;
  const backends: AzureBlobBackend[] = [];
  let proxy: FaultProxy;
  const make = (more: Partial<AzureBlobOptions> = {}): AzureBlobBackend => {
    if ('skipped' in azurite) throw new Error(azurite.skipped);
    const options = { ...azurite, endpointUrl: proxy.url, containerName, createContainer: true, ...more };
    const backend = new AzureBlobBackend(options);
    backends.push(backend);
    return backend;
  };
  beforeAll(async () => {
    if ('skipped' in azurite) return;
    proxy = await startFaultProxy(azurite.endpointUrl);
    await make().save('there', 'text');
  });
  afterAll(async () => {
    for (const backend of backends) await backend.close();
    if (!('skipped' in azurite)) await proxy.close();
  });

  const calls = [
    (backend: AzureBlobBackend) => backend.save('new', 'text'),
    (backend: AzureBlobBackend) => backend.retrieve('there'),
    (backend: AzureBlobBackend) => backend.exists('there'),
    (backend: AzureBlobBackend) => backend.listFiles(),
  ];

  /** Azurite looks at no date: the proxy refuses what the service would, by a clock that is right. */
  function refusingWrongClocks(): ProxyRule {
    const Right = Date;
    return {
      when: ({ headers }) => Math.abs(Right.parse(String(headers['x-ms-date'])) - Right.now()) > 15 * 60_000,
      times: 1000,
      fault: refusal(403, 'AuthenticationFailed', { date: new Right().toUTCString() }),
    };
  }

  test.each([20, -20])('a clock that is %i minutes off is put right, once for a backend (#225)', async (minutes) => {
    await proxy.arm(refusingWrongClocks());
    await withClock(minutes * 60_000, async () => {
      for (const call of calls) await call(make());
      expect(proxy.fired).toBe(calls.length);
      const backend = make();
      for (const call of calls) await call(backend);
      expect(proxy.fired).toBe(calls.length + 1);
      await backend.delete('new');
    });
  });

  test('requests under way together when the clock is found wrong all succeed (#225)', async () => {
    await proxy.arm(refusingWrongClocks());
    await withClock(-20 * 60_000, async () => {
      const backend = make();
      await Promise.all(Array.from({ length: 8 }, (_, n) => backend.save(`together-${n}`, 'text')));
      expect(await backend.listFiles('together-')).toHaveLength(8);
    });
    expect(proxy.fired).toBeGreaterThan(1);
    expect(proxy.fired).toBeLessThanOrEqual(8);
  });

  test.each([
    [20, 'ahead'],
    [-20, 'behind'],
  ])('a clock that is %i minutes off is told by the SDK path, once, with what to do (#225)', async (minutes, word) => {
    await proxy.arm(refusingWrongClocks());
    await withClock(minutes * 60_000, async () => {
      for (const call of calls) {
        const error = await failureOf(call(make({ transport: 'sdk' })));
        expect(error).toMatchObject({ code: 'Unauthenticated', attempts: 1 });
        expect(error.message).toContain(`the clock of this machine is wrong, by 20 minutes ${word}`);
      }
      expect(proxy.fired).toBe(calls.length);
    });
    expect(await make().exists('there')).toBe(true);
    expect(await make().exists('new')).toBe(false);
  });

  test('ServerBusy is Throttled, waited for, and in the end told', async () => {
    const backend = make({ retry: { throttledDelayMs: 1 } });
    await proxy.arm({ fault: refusal(503, 'ServerBusy', { 'retry-after': '1' }) });
    const began = performance.now();
    expect(await (await backend.retrieve('there')).text()).toBe('text');
    expect(performance.now() - began).toBeGreaterThan(950);
    await proxy.arm({ times: 1000, fault: refusal(503, 'ServerBusy') });
    const error = await failureOf(backend.retrieve('there'));
    expect(error).toMatchObject({ code: 'Throttled', retryable: 'safe', attempts: 5, providerCode: 'ServerBusy' });
  });

  test('a SAS that expires in the middle of writes fails them typed, and nothing is written (#226)', async () => {
    const backend = make();
    await proxy.arm({ method: 'PUT', skip: 1, times: 1000, fault: refusal(403, 'AuthenticationFailed') });
    await backend.save('before', 'text');
    const body = new Blob([randomBytes(3_000_000)]).stream();
    expect(await failureOf(backend.save('after', body, { partSize: 1024 * 1024 }))).toMatchObject({
      code: 'Unauthenticated',
    });
    expect(await backend.exists('after')).toBe(false);
  });
});
