import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/errors/storage-error.ts';
import { CallEvents } from '../../src/observe/call-events.ts';
import { correlationId, withCorrelationId } from '../../src/observe/correlation.ts';
import type { StorageEvent } from '../../src/observe/events.ts';

function recorder(): { events: StorageEvent[]; backend: Parameters<typeof CallEvents.start>[0] } {
  const events: StorageEvent[] = [];
  const driver = { type: 'local', secrets: ['hunter2-hunter2'] };
  return { events, backend: { name: 'uploads', driver, observer: (event) => void events.push(event) } };
}

describe('the events of a call', () => {
  it('are none when nobody listens', () => {
    expect(
      CallEvents.start({ name: 'x', driver: { type: 'local' }, observer: undefined }, 'save', 'k'),
    ).toBeUndefined();
  });

  it('tell its start, attempts, retries and end, in order and as plain data', () => {
    const { events, backend } = recorder();
    const call = CallEvents.start(backend, 'save', 'a.txt')!;
    const failure = { code: 'Unavailable', retryable: 'safe', httpStatus: 503, detail: 'the service failed' } as const;
    call.attempt(1, 3.5, failure);
    call.retry(1, 40, failure);
    call.attempt(2, 2, undefined);
    call.addBytes(30);
    call.addBytes(4);
    call.end(undefined, 2);

    const base = {
      operation: 'save',
      key: 'a.txt',
      backend: 'uploads',
      backendType: 'local',
      correlationId: undefined,
    };
    const callId = events[0]!.callId;
    const time = expect.any(Number);
    const failed = { errorCode: 'Unavailable', errorMessage: 'the service failed', retryable: 'safe', httpStatus: 503 };
    expect(events).toEqual([
      { kind: 'start', ...base, callId, time },
      { kind: 'attempt', ...base, callId, time, attempt: 1, durationMs: 3.5, outcome: 'error', ...failed },
      { kind: 'retry', ...base, callId, time, attempt: 1, delayMs: 40, ...failed },
      { kind: 'attempt', ...base, callId, time, attempt: 2, durationMs: 2, outcome: 'ok' },
      { kind: 'end', ...base, callId, time, durationMs: expect.any(Number), attempts: 2, bytes: 34, outcome: 'ok' },
    ]);
    expect(structuredClone(events)).toEqual(events);
  });

  it('have one id per call', () => {
    const { events, backend } = recorder();
    CallEvents.start(backend, 'exists', 'a');
    CallEvents.start(backend, 'exists', 'a');
    expect(events[0]!.callId).not.toBe(events[1]!.callId);
  });

  it('name the error of the call, without secret and without cause', () => {
    const { events, backend } = recorder();
    const call = CallEvents.start(backend, 'getUrl', 'a')!;
    call.attempt(1, 1, {
      code: 'Unavailable',
      retryable: 'safe',
      detail: 'GET https://h/b?sig=abcdefgh failed for hunter2-hunter2',
    });
    call.end(
      new StorageError('no: hunter2-hunter2', {
        code: 'PermissionDenied',
        operation: 'getUrl',
        cause: new Error('raw'),
      }),
      1,
    );
    expect(JSON.stringify(events)).not.toMatch(/hunter2|abcdefgh|raw/);
    expect(events.at(-1)).toMatchObject({ outcome: 'error', errorCode: 'PermissionDenied', retryable: 'no' });
  });
});

describe('withCorrelationId', () => {
  it('gives its id to every call inside, however late, and to none outside', async () => {
    const { events, backend } = recorder();
    const result = await withCorrelationId('request-7', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const call = CallEvents.start(backend, 'save', 'a')!;
      setTimeout(() => {
        call.end(undefined, 1);
      }, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return withCorrelationId('inner', () => correlationId());
    });
    CallEvents.start(backend, 'save', 'b');
    expect(result).toBe('inner');
    expect(events.map((event) => event.correlationId)).toEqual(['request-7', 'request-7', undefined]);
  });

  it.each([[''], [undefined], [7]])('refuses %j', (id) => {
    expect(() => withCorrelationId(id as string, () => 1)).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }),
    );
  });
});
