import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdleWatch, type Watched } from '../../src/call/idle-watch.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(onIdle: () => void): Watched {
  const lastAt = performance.now();
  return { lastAt: () => lastAt, waitsForCaller: () => false, onIdle, before: undefined, after: undefined };
}

test('what is given up may end others that are given up with it, and the rest is watched on', () => {
  const watch = new IdleWatch(100);
  const heard: string[] = [];
  const second = watched(() => heard.push('second'));
  const first = watched(() => {
    heard.push('first');
    watch.remove(second);
    watch.remove(first);
  });
  watch.add(first);
  watch.add(second);
  vi.advanceTimersByTime(50);
  watch.add(watched(() => heard.push('later')));
  vi.advanceTimersByTime(50);
  expect(heard).toEqual(['first', 'second']);
  vi.advanceTimersByTime(50);
  expect(heard).toEqual(['first', 'second', 'later']);
});
