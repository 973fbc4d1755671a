import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorCodes } from '../../src/errors/codes.ts';
import { errorOf } from '../transfer/setup.ts';
import { always, fails, info, lost, script, scripted, stored, unavailable } from './setup.ts';

const stale = fails('Unavailable', { retryable: 'safe', staleConnection: true });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a promise rejects with while fake time runs. */
async function failed(promise: Promise<unknown>): ReturnType<typeof errorOf> {
  const error = errorOf(promise);
  await vi.runAllTimersAsync();
  return error;
}

describe('a request that fails', () => {
  test('is made five times, and then the last error is the answer', async () => {
    const head = always(unavailable);
    const { backend } = scripted({ head });
    const error = await failed(backend.getMetadata('a'));
    expect(error).toMatchObject({
      code: 'Unavailable',
      retryable: 'safe',
      attempts: 5,
      operation: 'getMetadata',
      key: 'a',
    });
    expect(error.cause).toBe(unavailable);
    expect(head.calls).toHaveLength(5);
  });

  test('tells each attempt its number and gives it a signal of its own', async () => {
    const head = script(unavailable, unavailable, info('a'));
    const { backend } = scripted({ head });
    const result = backend.getMetadata('a');
    await vi.runAllTimersAsync();
    expect((await result)?.etag).toBe('"1"');
    const contexts = head.calls.map((call) => call[1] as { signal: AbortSignal; attempt: number });
    expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(contexts.map(({ signal }) => signal)).size).toBe(3);
  });

  test('is made as often as the setting says', async () => {
    const head = always(unavailable);
    const { backend } = scripted({ head }, { settings: { retry: { attempts: 2 } } });
    await failed(backend.getMetadata('a'));
    expect(head.calls).toHaveLength(2);
  });

  test('is made once with retry: false, on a stale connection too', async () => {
    for (const error of [unavailable, stale]) {
      const head = always(error);
      const { backend } = scripted({ head }, { settings: { retry: false } });
      expect(await failed(backend.getMetadata('a'))).toMatchObject({ attempts: 1 });
      expect(head.calls).toHaveLength(1);
    }
  });

  test.each(errorCodes.filter((code) => code !== 'BucketNotFound'))(
    'is made once when %s cannot succeed',
    async (code) => {
      const put = always(fails(code));
      const { backend } = scripted({ put });
      expect(await failed(backend.save('a', 'abc'))).toMatchObject({ code, retryable: 'no', attempts: 1 });
      expect(put.calls).toHaveLength(1);
    },
  );

  test('is made once when the driver throws what it does not know', async () => {
    const head = always(new TypeError('a slip'));
    const { backend } = scripted({ head });
    const error = await failed(backend.getMetadata('a'));
    expect(error).toMatchObject({ code: 'Unknown', attempts: 1 });
    expect(error.message).toContain('a slip');
  });

  test('that throws instead of rejecting ends its timers as well', async () => {
    const { backend } = scripted({
      head: () => {
        throw new TypeError('thrown at once');
      },
    });
    expect(await errorOf(backend.getMetadata('a'))).toMatchObject({ code: 'Unknown', attempts: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('keeps what the service said, and blanks what is secret', async () => {
    const answer = fails('PermissionDenied', {
      httpStatus: 403,
      requestId: 'r1',
      providerCode: 'AccessDenied',
      hint: 'ask s3cret',
    });
    const { backend } = scripted({ head: script(answer) }, { settings: { name: 'mine' } });
    const error = await failed(backend.getMetadata('a'));
    expect(error).toMatchObject({ backend: 'mine', httpStatus: 403, requestId: 'r1', providerCode: 'AccessDenied' });
    expect(error.cause).toBe(answer);
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('s3cret');
  });
});

describe('the stack of an error', () => {
  const refused = fails('PermissionDenied');
  const { backend } = scripted({ head: always(refused), put: always(refused), get: always(refused) });

  test.each([
    ['getMetadata', () => backend.getMetadata('a')],
    ['save', () => backend.save('a', 'abc')],
    ['conditional save', () => backend.save('a', 'abc', { ifAbsent: true })],
    ['retrieve', () => backend.retrieve('a')],
    ['retrieve of a range', () => backend.retrieve('a', { range: { start: 0, end: 1 } })],
  ])('of %s names who called', async (_method, call: () => Promise<unknown>) => {
    async function theCaller(): Promise<void> {
      await call();
    }
    expect((await errorOf(theCaller())).stack).toContain('theCaller');
  });

  test('names who called after a retry, too', async () => {
    const head = always(unavailable);
    const retrying = scripted({ head });
    async function theCaller(): Promise<void> {
      await retrying.backend.getMetadata('a');
    }
    expect((await failed(theCaller())).stack).toContain('theCaller');
    expect(head.calls).toHaveLength(5);
  });
});

describe('the wait before the next attempt', () => {
  async function waits(...errors: readonly Error[]): Promise<number[]> {
    const delays: number[] = [];
    const observer = (event: { kind: string; delayMs?: number }): void => {
      if (event.kind === 'retry') delays.push(event.delayMs!);
    };
    const { backend } = scripted({ head: script(...errors, info('a')) }, { settings: { retry: {}, observer } });
    const started = performance.now();
    const result = backend.getMetadata('a');
    await vi.runAllTimersAsync();
    await result;
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    expect(Math.abs(performance.now() - started - total)).toBeLessThan(5);
    return delays;
  }

  test('doubles, from half of 50 ms here', async () => {
    expect(await waits(unavailable, unavailable, unavailable)).toEqual([25, 50, 100]);
  });

  test('is longer when the service asks for fewer requests', async () => {
    expect(await waits(fails('Throttled', { retryable: 'safe' }))).toEqual([250]);
  });

  test('is Retry-After and then some', async () => {
    expect(await waits(fails('Throttled', { retryable: 'safe', retryAfterMs: 3000 }))).toEqual([3250]);
  });

  test('is none on a stale connection, once', async () => {
    expect(await waits(stale, stale)).toEqual([0, 50]);
  });

  test.each([61_000, 5000])(
    'is not begun when Retry-After of %i ms is more than there is time for',
    async (retryAfterMs) => {
      const head = always(fails('Throttled', { retryable: 'safe', retryAfterMs }));
      const { backend } = scripted({ head });
      const error = errorOf(backend.getMetadata('a', { timeoutMs: 4000 }));
      await vi.advanceTimersByTimeAsync(0);
      expect(await error).toMatchObject({ code: 'Throttled', attempts: 1, retryAfterMs });
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});

describe('the budget of retries', () => {
  test('ends retries of all calls but the first of each when it is spent', async () => {
    const head = vi.fn(() => Promise.reject(unavailable));
    const { backend } = scripted({ head });
    const attempts: number[] = [];
    for (let call = 0; call < 170; call++) attempts.push((await failed(backend.getMetadata('a'))).attempts);
    // 500 tokens: three for each call, whose first retry is free.
    expect(attempts.slice(0, 166)).toEqual(Array.from({ length: 166 }, () => 5));
    expect(attempts.slice(167)).toEqual([2, 2, 2]);
  });
});

describe('a body that cannot be sent again', () => {
  // A smaller one is taken into memory first, and can be sent again.
  const large = Buffer.alloc(100_000);

  test('is sent once, and its save is not retried', async () => {
    const put = always(async ({ body }: { body: { open(): AsyncIterable<Uint8Array> } }) => {
      for await (const _chunk of body.open());
      return unavailable;
    });
    const { backend } = scripted({ put });
    expect(await failed(backend.save('a', Readable.from([large]), { size: large.byteLength }))).toMatchObject({
      code: 'Unavailable',
      attempts: 1,
    });
    expect(put.calls).toHaveLength(1);
  });

  test('is sent when nobody has read of it yet', async () => {
    const put = script(unavailable, stored);
    const { backend } = scripted({ put });
    const result = backend.save('a', Readable.from([large]), { size: large.byteLength });
    await vi.runAllTimersAsync();
    expect((await result).etag).toBe('"1"');
  });
});

describe('a bucket that is missing', () => {
  const missing = fails('BucketNotFound');

  test('is created once by a write, which is then made again', async () => {
    const createBucket = script(undefined);
    const put = script(missing, stored);
    const { backend } = scripted({ put, createBucket });
    await backend.save('a', 'abc');
    expect(createBucket.calls).toHaveLength(1);
    expect(put.calls).toHaveLength(2);
  });

  test('is not created a second time for the same write', async () => {
    const createBucket = always(undefined);
    const { backend } = scripted({ put: always(missing), createBucket });
    expect(await failed(backend.save('a', 'abc'))).toMatchObject({ code: 'BucketNotFound' });
    expect(createBucket.calls).toHaveLength(1);
  });

  test('that cannot be created is not asked for again and again', async () => {
    const createBucket = always(missing);
    const { backend } = scripted({ put: always(missing), createBucket });
    expect(await failed(backend.save('a', 'abc'))).toMatchObject({ code: 'BucketNotFound' });
    expect(createBucket.calls).toHaveLength(1);
  });

  test('says why it could not be created', async () => {
    const { backend } = scripted({ put: always(missing), createBucket: always(fails('PermissionDenied')) });
    expect(await failed(backend.save('a', 'abc'))).toMatchObject({ code: 'PermissionDenied' });
  });

  test('is left missing by a read, and where the driver may not create it', async () => {
    const createBucket = always(undefined);
    const reader = scripted({ head: script(missing), createBucket });
    expect(await failed(reader.backend.getMetadata('a'))).toMatchObject({ code: 'BucketNotFound' });
    expect(createBucket.calls).toHaveLength(0);
    const writer = scripted({ put: script(missing) }, { absent: ['createBucket'] });
    expect(await failed(writer.backend.save('a', 'abc'))).toMatchObject({ code: 'BucketNotFound' });
  });

  test('is not followed by the write when the call ended while it was created', async () => {
    const put = script(missing, stored);
    const aborter = new AbortController();
    const createBucket = script(() => {
      aborter.abort('enough');
    });
    const { backend } = scripted({ put, createBucket });
    const error = await failed(backend.save('a', 'abc', { signal: aborter.signal }));
    expect(error).toMatchObject({ code: 'Aborted', cause: 'enough' });
    expect(put.calls).toHaveLength(1);
  });
});

test('a read of which the answer was lost is safe to make again', async () => {
  const { backend } = scripted({ head: always(lost) });
  expect(await failed(backend.getMetadata('a'))).toMatchObject({ retryable: 'safe', attempts: 5 });
});

describe('a refusal that may be the loss of a race', () => {
  const refused = fails('PermissionDenied', { retryable: 'no', onceMore: true });

  test('is tried once more', async () => {
    const put = script(refused, stored);
    const { backend } = scripted({ put });
    const saved = backend.save('a', 'x');
    await vi.runAllTimersAsync();
    await saved;
    expect(put.calls).toHaveLength(2);
  });

  test('is final the second time', async () => {
    const put = always(refused);
    const { backend } = scripted({ put });
    expect(await failed(backend.save('a', 'x'))).toMatchObject({
      code: 'PermissionDenied',
      retryable: 'no',
      attempts: 2,
    });
    expect(put.calls).toHaveLength(2);
  });
});
