import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallContext } from '../../src/driver.ts';
import { errorOf } from '../transfer/setup.ts';
import { always, fails, info, lost, never, script, scripted, stored, unavailable, untilGivenUp } from './setup.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds until a promise rejects, and with what. */
async function failed(promise: Promise<unknown>): Promise<{ error: Awaited<ReturnType<typeof errorOf>>; ms: number }> {
  const startedAt = performance.now();
  const failing = errorOf(promise).then((error) => ({ error, ms: performance.now() - startedAt }));
  failing.catch(() => undefined);
  await vi.runAllTimersAsync();
  return failing;
}

/** The idle timeout that calls share waits for another call until this turn is over. */
function turnOfTheLoop(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(0);
}

describe('the signal of the caller', () => {
  test('that was aborted before asks nothing, and does not open the driver', async () => {
    const { backend, names } = scripted({});
    const error = await errorOf(backend.getMetadata('a', { signal: AbortSignal.abort('no more') }));
    expect(error).toMatchObject({
      code: 'Aborted',
      name: 'AbortError',
      cause: 'no more',
      retryable: 'no',
      attempts: 0,
    });
    expect(names()).toEqual([]);
  });

  test('is not as important as an argument that is wrong', async () => {
    const { backend } = scripted({});
    expect(await errorOf(backend.getMetadata('', { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'InvalidKey',
    });
  });

  test('gives a read up at once, with its reason as cause, whatever the driver does', async () => {
    const reason = new Error('the client went away');
    const aborter = new AbortController();
    const { backend } = scripted({ head: script(never) });
    setTimeout(() => {
      aborter.abort(reason);
    }, 100);
    const { error, ms } = await failed(backend.getMetadata('a', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', name: 'AbortError', retryable: 'no', attempts: 1 });
    expect(error.cause).toBe(reason);
    expect(ms).toBeCloseTo(100, -1);
  });

  test('waits two seconds for a write to say what became of it, and no more', async () => {
    const { backend } = scripted({ put: script(never) });
    const aborter = new AbortController();
    setTimeout(() => {
      aborter.abort();
    }, 100);
    const { error, ms } = await failed(backend.save('a', 'abc', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', retryable: 'ambiguous' });
    expect(ms).toBeCloseTo(2100, -1);
  });

  test.each([
    ['no', 'the reason of the signal', untilGivenUp],
    [
      'ambiguous',
      'something else',
      (_request: unknown, { signal }: CallContext) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(unavailable);
          });
        }),
    ],
  ])('is %s for a write whose driver rejects with %s', async (retryable, _what, put) => {
    const aborter = new AbortController();
    const { backend } = scripted({ put: script(put) });
    setTimeout(() => {
      aborter.abort('enough');
    }, 100);
    const { error, ms } = await failed(backend.save('a', 'abc', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', retryable, cause: 'enough' });
    expect(ms).toBeCloseTo(100, -1);
  });

  test('does not unmake a write that was committed meanwhile', async () => {
    const aborter = new AbortController();
    const put = script(() => {
      aborter.abort();
      return stored;
    });
    const { backend } = scripted({ put });
    expect((await backend.save('a', 'abc', { signal: aborter.signal })).etag).toBe('"1"');
  });

  test('ends the wait for a retry, and no attempt follows', async () => {
    const head = always(fails('Throttled', { retryable: 'safe', retryAfterMs: 30_000 }));
    const aborter = new AbortController();
    const { backend } = scripted({ head });
    setTimeout(() => {
      aborter.abort('enough');
    }, 100);
    const { error, ms } = await failed(backend.getMetadata('a', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', cause: 'enough', attempts: 1 });
    expect(ms).toBeCloseTo(100, -1);
    expect(head.calls).toHaveLength(1);
  });

  test('leaves a write ambiguous of which an earlier attempt may have landed', async () => {
    const aborter = new AbortController();
    const { backend } = scripted({ put: script(lost, untilGivenUp) });
    setTimeout(() => {
      aborter.abort();
    }, 500);
    const { error } = await failed(backend.save('a', 'abc', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', retryable: 'ambiguous', attempts: 2 });
  });

  test('is not listened to any more when the call is over', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const { backend } = scripted({ head: script(info('a'), fails('PermissionDenied')) });
    await backend.getMetadata('a', { signal });
    await errorOf(backend.getMetadata('a', { signal }));
    expect(added).toHaveBeenCalledTimes(2);
    expect(removed).toHaveBeenCalledTimes(2);
  });
});

describe('the deadline of a call', () => {
  test.each(['option', 'setting'])('ends it, given as %s', async (where) => {
    const settings = where === 'setting' ? { timeoutMs: 300 } : {};
    const options = where === 'option' ? { timeoutMs: 300 } : {};
    const { backend } = scripted({ head: script(never) }, { settings });
    const { error, ms } = await failed(backend.getMetadata('a', options));
    expect(error).toMatchObject({ code: 'Timeout', name: 'StorageError', retryable: 'safe', attempts: 1 });
    expect(error.message).toContain('300 ms');
    expect(ms).toBeCloseTo(300, -1);
  });

  test('leaves a write that does not say what became of it ambiguous', async () => {
    const { backend } = scripted({ put: script(never) });
    const { error, ms } = await failed(backend.save('a', 'abc', { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'Timeout', retryable: 'ambiguous', attempts: 1 });
    expect(ms).toBeCloseTo(2300, -1);
  });

  test('asks no question about a lost answer', async () => {
    const head = always(info('a'));
    const { backend } = scripted({ put: script(lost, untilGivenUp), head });
    const { error } = await failed(backend.save('a', 'abc', { ifAbsent: true, timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'Timeout', retryable: 'ambiguous' });
    expect(head.calls).toHaveLength(0);
  });

  test('is for all attempts together', async () => {
    const slow = (): Promise<Error> => new Promise((resolve) => setTimeout(resolve, 120, unavailable));
    const { backend } = scripted({ head: always(slow) });
    const { error, ms } = await failed(backend.getMetadata('a', { timeoutMs: 300 }));
    expect(error.code).toBe('Timeout');
    expect(ms).toBeCloseTo(300, -1);
  });

  test('leaves no timer when the call is over before it', async () => {
    const { backend } = scripted({ head: script(info('a')) });
    await backend.getMetadata('a', { timeoutMs: 300 });
    await turnOfTheLoop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an attempt without progress', () => {
  const settings = { idleTimeoutMs: 1000 };

  test('is given up, and a read is made again', async () => {
    const head = script(never, info('a'));
    const { backend } = scripted({ head }, { settings });
    const result = backend.getMetadata('a');
    await vi.advanceTimersByTimeAsync(999);
    expect(head.calls).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect((await result)?.etag).toBe('"1"');
    expect((head.calls[0]![1] as CallContext).signal.aborted).toBe(true);
  });

  test('is not one of a driver that says that its service got on', async () => {
    const slowly = async (_: unknown, { progressed }: CallContext) => {
      for (let step = 0; step < 5; step += 1) {
        await new Promise((resolve) => setTimeout(resolve, 900));
        progressed?.();
      }
      return info('a');
    };
    const { backend } = scripted({ head: slowly }, { settings: { ...settings, retry: false } });
    const result = backend.getMetadata('a');
    await vi.runAllTimersAsync();
    expect((await result)?.etag).toBe('"1"');
  });

  test('rejects Timeout when it was the last', async () => {
    const { backend } = scripted({ head: script(never) }, { settings: { ...settings, retry: false } });
    const { error, ms } = await failed(backend.getMetadata('a', { timeoutMs: 5000 }));
    expect(error).toMatchObject({ code: 'Timeout', retryable: 'safe' });
    expect(error.message).toContain('1000 ms');
    expect(ms).toBeCloseTo(1000, -1);
  });

  test('of a write is ambiguous unless the driver says that nothing was applied', async () => {
    for (const [put, retryable] of [
      [never, 'ambiguous'],
      [untilGivenUp, 'safe'],
    ] as const) {
      const { backend } = scripted({ put: script(put) }, { settings: { ...settings, retry: false } });
      expect((await failed(backend.save('a', 'abc'))).error).toMatchObject({ code: 'Timeout', retryable });
    }
  });

  test('that is still settling when the caller aborts rejects Aborted', async () => {
    const { backend } = scripted({ put: script(never) }, { settings });
    const aborter = new AbortController();
    setTimeout(() => {
      aborter.abort('enough');
    }, 1500);
    const { error } = await failed(backend.save('a', 'abc', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', cause: 'enough', retryable: 'ambiguous', attempts: 1 });
  });

  test('is not one whose bytes move', async () => {
    const put = script(async ({ onProgress }: { onProgress: (bytes: number) => void }) => {
      for (let sent = 1; sent <= 3; sent++) {
        await new Promise((resolve) => setTimeout(resolve, 900));
        onProgress(sent);
      }
      return stored;
    });
    const { backend } = scripted({ put }, { settings });
    const result = backend.save('a', 'abc');
    await vi.runAllTimersAsync();
    expect((await result).etag).toBe('"1"');
    expect(put.calls).toHaveLength(1);
  });
});

describe('a result that comes too late', () => {
  test('is discarded: the body of a late read is cancelled', async () => {
    const cancel = vi.fn(() => Promise.resolve());
    const late = async (): Promise<unknown> => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { info: info('a'), range: { start: 0, end: 3 }, body: { cancel, async *[Symbol.asyncIterator]() {} } };
    };
    const { backend } = scripted({ get: script(late) });
    const { error, ms } = await failed(backend.retrieve('a', { timeoutMs: 100 }));
    expect(error.code).toBe('Timeout');
    expect(ms).toBeCloseTo(100, -1);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test('that is an error is nobody’s unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const late = (): Promise<Error> => new Promise((resolve) => setTimeout(resolve, 500, unavailable));
    const { backend } = scripted({ head: script(late) });
    await failed(backend.getMetadata('a', { timeoutMs: 100 }));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
