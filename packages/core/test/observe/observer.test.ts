import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { debugFromEnvironment, debugObserver } from '../../src/observe/debug.ts';
import type { EndEvent, RetryEvent, StartEvent, StorageEvent } from '../../src/observe/events.ts';
import { logObserver } from '../../src/observe/logger.ts';
import { makeObserver } from '../../src/observe/observer.ts';

const base = {
  operation: 'save',
  key: 'a "b"\n.txt',
  backend: 'uploads',
  backendType: 'local',
  callId: 7,
  correlationId: 'request-1',
  time: Date.UTC(2026, 0, 1, 12, 3, 44, 123),
};
const start: StartEvent = { kind: 'start', ...base };
const retry: RetryEvent = {
  kind: 'retry',
  ...base,
  attempt: 1,
  delayMs: 40,
  errorCode: 'Throttled',
  errorMessage: 'slow down',
  retryable: 'safe',
};
const end: EndEvent = { kind: 'end', ...base, durationMs: 12.3, attempts: 2, bytes: 34, outcome: 'ok' };

function failed(errorCode: 'NotFound' | 'Unavailable'): EndEvent {
  return { ...end, outcome: 'error', errorCode, errorMessage: 'it failed', retryable: 'no' };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('makeObserver', () => {
  it('is undefined when nobody listens', () => {
    vi.stubEnv('STORAGE_DEBUG', '');
    expect(makeObserver({})).toBeUndefined();
    expect(makeObserver({ observer: [], debug: false })).toBeUndefined();
  });

  it('tells everybody, in order', () => {
    const seen: string[] = [];
    const observe = makeObserver({
      observer: [(event) => seen.push(`1 ${event.kind}`), (event) => seen.push(`2 ${event.kind}`)],
    });
    observe?.(start);
    expect(seen).toEqual(['1 start', '2 start']);
  });

  it('survives observers that throw or reject, tells the others, and warns once each', async () => {
    const seen: StorageEvent[] = [];
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const observe = makeObserver({
      observer: [
        () => {
          throw new Error('broken');
        },
        // An observer that is async by mistake.
        () => Promise.reject(new Error('late')),
        (event) => void seen.push(event),
      ],
    });
    observe?.(start);
    observe?.(end);
    while (warnings.length < 2) await once(process, 'warning');
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('warning', onWarning);
    expect(seen).toEqual([start, end]);
    expect(warnings.map((warning) => warning.message).sort()).toEqual([
      expect.stringContaining('broken'),
      expect.stringContaining('late'),
    ]);
  });

  it('prints when the environment or the option asks for it', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.stubEnv('STORAGE_DEBUG', '1');
    makeObserver({})?.(end);
    expect(makeObserver({ debug: false })).toBeUndefined();
    vi.stubEnv('STORAGE_DEBUG', '0');
    makeObserver({ debug: true })?.(end);
    expect(write).toHaveBeenCalledTimes(2);
    expect(write.mock.calls[0]?.[0]).toMatch(
      /^STORAGE 12:03:44\.123 uploads #7 \[request-1\] save "a \\"b\\"\\n\.txt" ok in 12 ms, 34 bytes, 2 attempts\n$/,
    );
  });
});

describe('debug lines', () => {
  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('STORAGE_DEBUG=%s: %s', (value, expected) => {
    expect(debugFromEnvironment({ STORAGE_DEBUG: value })).toBe(expected);
  });

  it('tell each kind of event in one line', () => {
    const lines: string[] = [];
    const observe = debugObserver((line) => void lines.push(line));
    for (const event of [start, retry, failed('Unavailable')]) observe(event);
    observe({
      kind: 'attempt',
      ...base,
      key: undefined,
      correlationId: undefined,
      attempt: 1,
      durationMs: 1.25,
      outcome: 'ok',
    });
    expect(lines).toEqual([
      expect.stringMatching(/ save "a .*" …$/),
      expect.stringMatching(/ attempt 1 Throttled, again in 40 ms$/),
      expect.stringMatching(/ Unavailable in 12 ms, 34 bytes, 2 attempts: it failed$/),
      'STORAGE 12:03:44.123 uploads #7 save attempt 1 ok in 1.3 ms',
    ]);
  });
});

describe('logObserver', () => {
  it('chooses the level, keeps `this`, and gives the event as fields', () => {
    const lines: [string, object, string][] = [];
    const logger = {
      lines,
      debug(fields: object, message: string) {
        this.lines.push(['debug', fields, message]);
      },
      info(fields: object, message: string) {
        this.lines.push(['info', fields, message]);
      },
      warn(fields: object, message: string) {
        this.lines.push(['warn', fields, message]);
      },
      error(fields: object, message: string) {
        this.lines.push(['error', fields, message]);
      },
    };
    const observe = logObserver(logger);
    for (const event of [start, retry, end, failed('NotFound'), failed('Unavailable')]) observe(event);
    expect(lines.map(([level]) => level)).toEqual(['debug', 'warn', 'info', 'info', 'error']);
    expect(lines[2]).toEqual(['info', { storage: end }, 'save "a \\"b\\"\\n.txt" ok in 12 ms, 34 bytes, 2 attempts']);
  });
});
