import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/errors/codes.ts';
import { fails, never, script, scripted, unavailable } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

describe('healthCheck', () => {
  test('says that a service is well, and how fast', async () => {
    const { backend } = scripted({ check: script(undefined) });
    const health = await backend.healthCheck();
    expect(health.healthy).toBe(true);
    expect(health.latencyMs).toBeGreaterThanOrEqual(0);
    expect(health).not.toHaveProperty('error');
  });

  test.each(errorCodes.filter((code) => code !== 'Aborted'))('resolves when a service is ill: %s', async (code) => {
    const { backend } = scripted({ check: script(fails(code)) }, { absent: ['createBucket'] });
    expect(await backend.healthCheck()).toMatchObject({ healthy: false, error: { code, operation: 'healthCheck' } });
  });

  test('resolves when the driver does not open, or throws what it does not know', async () => {
    const shut = scripted({ open: script(fails('InvalidConfig')) });
    expect(await shut.backend.healthCheck()).toMatchObject({ healthy: false, error: { code: 'InvalidConfig' } });
    const odd = scripted({ check: script(new TypeError('a slip')) });
    expect(await odd.backend.healthCheck()).toMatchObject({ healthy: false, error: { code: 'Unknown' } });
  });

  test('resolves when there is no answer in time, and rejects when the caller wants none', async () => {
    const { backend } = scripted({ check: script(never, never) });
    expect(await backend.healthCheck({ timeoutMs: 10 })).toMatchObject({ healthy: false, error: { code: 'Timeout' } });
    expect(await errorOf(backend.healthCheck({ signal: AbortSignal.timeout(10) }))).toMatchObject({ code: 'Aborted' });
  });

  test('creates no bucket', async () => {
    const createBucket = script();
    const { backend } = scripted({ check: script(fails('BucketNotFound')), createBucket });
    expect(await backend.healthCheck()).toMatchObject({ healthy: false, error: { code: 'BucketNotFound' } });
    expect(createBucket.calls).toHaveLength(0);
  });
});

describe('initialize', () => {
  test('resolves with the backend, after faults that pass', async () => {
    const { backend } = scripted({ check: script(unavailable, undefined) });
    expect(await backend.initialize()).toBe(backend);
  });

  test('creates a bucket that is missing where the driver may, and only then', async () => {
    const createBucket = script(undefined);
    const may = scripted({ check: script(fails('BucketNotFound')), createBucket });
    await may.backend.initialize();
    expect(createBucket.calls).toHaveLength(1);
    const mayNot = scripted({ check: script(fails('BucketNotFound')) }, { absent: ['createBucket'] });
    expect(await errorOf(mayNot.backend.initialize())).toMatchObject({ code: 'BucketNotFound' });
    const denied = scripted({ check: script(fails('PermissionDenied')), createBucket: script() });
    expect(await errorOf(denied.backend.initialize())).toMatchObject({ code: 'PermissionDenied' });
  });
});
