import { expect, test, vi } from 'vitest';
import { renewed } from '../../src/driver-kit/renewed.ts';

const minute = 60_000;

test('a value is kept until five minutes before its end, and asked for once by all who wait', async () => {
  vi.useFakeTimers({ now: 0 });
  try {
    const ask = vi.fn(() => Promise.resolve({ until: Date.now() + 10 * minute }));
    const source = renewed(ask, ({ until }) => until);
    const both = await Promise.all([source.get(), source.get()]);
    expect(both[0]).toBe(both[1]);
    vi.setSystemTime(5 * minute);
    expect(source.get()).toBe(both[0]);
    vi.setSystemTime(5 * minute + 1);
    await expect(source.get()).resolves.toEqual({ until: 15 * minute + 1 });
    expect(ask).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});

test('what was dropped, or could not be had, is asked for again', async () => {
  const ask = vi.fn(() => Promise.resolve('first'));
  const source = renewed(ask, () => undefined);
  await source.get();
  source.drop();
  ask.mockRejectedValueOnce(new Error('not now'));
  await expect(source.get()).rejects.toThrow('not now');
  await expect(source.get()).resolves.toBe('first');
  expect(source.get()).toBe('first');
  expect(ask).toHaveBeenCalledTimes(3);
});
