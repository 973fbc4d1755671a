import { describe, expect, test } from 'vitest';
import { withCorrelationId } from '../../src/observe/correlation.ts';
import type { StorageEvent } from '../../src/observe/events.ts';
import { errorOf } from '../transfer/setup.ts';
import { fails, info, type Scripted, script, scripted, stored, unavailable } from './setup.ts';

function observed(members: Parameters<typeof scripted>[0]): Scripted & { events: StorageEvent[] } {
  const events: StorageEvent[] = [];
  const observer = (event: StorageEvent): void => {
    events.push(event);
  };
  return { events, ...scripted(members, { settings: { name: 'mine', observer, retry: { baseDelayMs: 1 } } }) };
}

function told(events: readonly StorageEvent[]): unknown[] {
  return events.map((event) => {
    if (event.kind === 'attempt') return [event.kind, event.attempt, event.errorCode ?? event.outcome];
    if (event.kind === 'retry') return [event.kind, event.attempt, event.errorCode];
    if (event.kind === 'end') return [event.kind, event.attempts, event.errorCode ?? event.outcome];
    return [event.kind];
  });
}

/** A body that is read as it is asked for: a small one is read at once. */
const size = 5_000_000;

function opened(): object {
  const body = {
    cancel: () => Promise.resolve(),
    async *[Symbol.asyncIterator]() {
      yield await Promise.resolve(Buffer.alloc(size));
    },
  };
  return { info: info('a', { size }), range: { start: 0, end: size }, body };
}

describe('the events of a call', () => {
  test('tell its start, each attempt, each retry, and its end', async () => {
    const { backend, events } = observed({ head: script(unavailable, info('a')) });
    await backend.getMetadata('a');
    expect(told(events)).toEqual([
      ['start'],
      ['attempt', 1, 'Unavailable'],
      ['retry', 1, 'Unavailable'],
      ['attempt', 2, 'ok'],
      ['end', 2, 'ok'],
    ]);
    for (const event of events) {
      expect(event).toMatchObject({ operation: 'getMetadata', key: 'a', backend: 'mine', backendType: 'stub' });
    }
    expect(new Set(events.map(({ callId }) => callId)).size).toBe(1);
  });

  test('tell of an immediate retry on a fresh connection too', async () => {
    const stale = fails('Unavailable', { retryable: 'safe', staleConnection: true });
    const { backend, events } = observed({ head: script(stale, info('a')) });
    await backend.getMetadata('a');
    expect(events.find(({ kind }) => kind === 'retry')).toMatchObject({ attempt: 1, delayMs: 0 });
  });

  test('tell of a bucket that was created, and of the write that was then made again', async () => {
    const put = script(fails('BucketNotFound'), stored);
    const { backend, events } = observed({ put, createBucket: script(undefined) });
    await backend.save('a', 'abc');
    expect(told(events)).toEqual([
      ['start'],
      ['attempt', 1, 'BucketNotFound'],
      ['attempt', 1, 'ok'],
      ['retry', 1, 'BucketNotFound'],
      ['attempt', 2, 'ok'],
      ['end', 3, 'ok'],
    ]);
  });

  test('are a start and an end for what is refused', async () => {
    const { backend, events } = observed({});
    await errorOf(backend.getMetadata('a', { signal: 1 as never }));
    await errorOf(backend.getMetadata(''));
    await backend.close();
    await errorOf(backend.getMetadata('a'));
    const refused = (code: string): unknown[] => [['start'], ['end', 0, code]];
    expect(told(events)).toEqual(['InvalidArgument', 'InvalidKey', 'Closed'].flatMap(refused));
  });

  test('hold no secret', async () => {
    const { backend, events } = observed({ head: script(fails('PermissionDenied', { hint: 'the key s3cret' })) });
    await errorOf(backend.getMetadata('a'));
    expect(JSON.stringify(events)).not.toContain('s3cret');
  });

  test('carry the correlation id of the work that made the call', async () => {
    const { backend, events } = observed({ head: script(unavailable, info('a'), info('b')) });
    await withCorrelationId('job-1', () => backend.getMetadata('a'));
    expect(events.map(({ correlationId }) => correlationId)).toEqual(events.map(() => 'job-1'));
    events.length = 0;
    await backend.getMetadata('b');
    expect(events[0]!.correlationId).toBeUndefined();
  });

  test('count the bytes of a save', async () => {
    const { backend, events } = observed({ put: script(stored) });
    await backend.save('a', 'abc');
    expect(events.at(-1)).toMatchObject({ kind: 'end', bytes: 3, outcome: 'ok' });
  });

  test('end when a body was read, with its bytes, and not when it was opened', async () => {
    const get = script(opened());
    const { backend, events } = observed({ get });
    const file = await backend.retrieve('a');
    expect(events.map(({ kind }) => kind)).toEqual(['start', 'attempt']);
    await file.bytes();
    expect(events.at(-1)).toMatchObject({ kind: 'end', bytes: size });
    expect(events.filter(({ kind }) => kind === 'end')).toHaveLength(1);
  });

  test('end when a body is cancelled', async () => {
    const get = script(opened());
    const { backend, events } = observed({ get });
    await (await backend.retrieve('a')).cancel();
    expect(events.at(-1)).toMatchObject({ kind: 'end', outcome: 'ok' });
  });

  test('may be thrown at: an observer that fails breaks no call', async () => {
    const observer = (): never => {
      throw new Error('a broken observer');
    };
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const { backend } = scripted({ head: script(info('a')) }, { settings: { observer } });
    expect((await backend.getMetadata('a'))?.key).toBe('a');
    expect(String(await warned)).toContain('a broken observer');
  });
});
