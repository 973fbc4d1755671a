import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createServiceClock } from '../../src/driver-kit/service-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) + 250 });
});
afterEach(() => {
  vi.useRealTimers();
});

const hour = 60 * 60_000;

function serviceTime(offsetMs = 0): string {
  return new Date(Date.now() + offsetMs).toUTCString();
}

test('tells the time of this machine until a service says otherwise, and writes a second once', () => {
  const write = vi.fn((time: Date) => time.getTime());
  const clock = createServiceClock(write);
  expect(clock.now()).toEqual({ written: Date.UTC(2026, 0, 1), offsetMs: 0 });
  vi.advanceTimersByTime(749);
  clock.now();
  expect(write).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(clock.now().written).toBe(Date.UTC(2026, 0, 1, 0, 0, 1));
});

test('learns from a refusal, and tells the service its time', () => {
  const clock = createServiceClock((time) => time.getTime());
  expect(clock.learn(serviceTime(hour), clock.now())).toBe(true);
  expect(clock.now().written).toBe(Date.UTC(2026, 0, 1, 1));
  for (const date of [serviceTime(hour), serviceTime(hour + 5 * 60_000 - 1000), undefined]) {
    expect(clock.learn(date, clock.now())).toBe(false);
  }
  expect(clock.now().written).toBe(Date.UTC(2026, 0, 1, 1));
});

test('has something to say to each of the requests that were signed before it learned', () => {
  const clock = createServiceClock((time) => time.getTime());
  const together = [clock.now(), clock.now(), clock.now()];
  expect(together.map((signed) => clock.learn(serviceTime(hour), signed))).toEqual([true, true, true]);
  expect(clock.learn(serviceTime(hour), clock.now())).toBe(false);
});

test('learns nothing from a service that agrees, or that does not say', () => {
  const clock = createServiceClock((time) => time.getTime());
  for (const date of [serviceTime(), serviceTime(5 * 60_000 - 1000), undefined, 'soon']) {
    expect(clock.learn(date, clock.now())).toBe(false);
  }
  expect(clock.now().offsetMs).toBe(0);
});

test('writes the time anew when it learns within a second', () => {
  const clock = createServiceClock((time) => time.getTime());
  const before = clock.now();
  clock.learn(serviceTime(hour), before);
  expect(clock.now().written - before.written).toBe(hour);
});
