import { afterEach, describe, expect, test, vi } from 'vitest';
import type { StorageDriver } from '../../src/driver.ts';
import { overDriver } from '../../src/layers/layer.ts';
import { prefixed } from '../../src/layers/prefixed.ts';
import { errorOf } from '../transfer/setup.ts';
import { always, fails, info, never, script, scripted, unavailable } from './setup.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('opening', () => {
  test('happens once, on the first use, for all who wait', async () => {
    const open = script(() => new Promise((resolve) => setTimeout(resolve, 10)));
    const { backend, driver } = scripted({ open, head: always(info('a')) });
    expect(open.calls).toHaveLength(0);
    expect(driver.capabilities).toBe(backend.capabilities);
    await Promise.all([backend.getMetadata('a'), backend.getMetadata('a')]);
    await backend.getMetadata('a');
    expect(open.calls).toHaveLength(1);
  });

  test('does not happen for what is refused', async () => {
    const open = always(undefined);
    const { backend } = scripted({ open });
    await errorOf(backend.getMetadata(''));
    await errorOf(backend.save('a', 'x', { contentType: 'no type' }));
    expect(open.calls).toHaveLength(0);
  });

  test('that fails is the error of all who wait, without an attempt, and is tried again by the next call', async () => {
    const head = always(info('a'));
    const open = script(fails('InvalidConfig'), undefined);
    const { backend } = scripted({ open, head });
    const errors = await Promise.all([errorOf(backend.getMetadata('a')), errorOf(backend.exists('b'))]);
    expect(errors.map(({ code, operation, key, attempts }) => [code, operation, key, attempts])).toEqual([
      ['InvalidConfig', 'getMetadata', 'a', 0],
      ['InvalidConfig', 'exists', 'b', 0],
    ]);
    expect(head.calls).toHaveLength(0);
    expect((await backend.getMetadata('a'))?.key).toBe('a');
    expect(open.calls).toHaveLength(2);
  });

  test.each([
    ['signal', 'Aborted'],
    ['deadline', 'Timeout'],
  ])('that hangs is not waited for beyond the %s', async (what, code) => {
    const { backend } = scripted({ open: script(never) });
    const options = what === 'signal' ? { signal: AbortSignal.timeout(20) } : { timeoutMs: 20 };
    expect(await errorOf(backend.getMetadata('a', options))).toMatchObject({ code, attempts: 0 });
  });

  test('goes on for others when one who waits gives up', async () => {
    const open = script(() => new Promise((resolve) => setTimeout(resolve, 40)));
    const { backend } = scripted({ open, head: always(info('a')) });
    const patient = backend.getMetadata('a');
    expect(await errorOf(backend.getMetadata('a', { timeoutMs: 5 }))).toMatchObject({ code: 'Timeout' });
    expect((await patient)?.key).toBe('a');
    expect(open.calls).toHaveLength(1);
  });
});

describe('closing', () => {
  test('happens once, and every later call rejects Closed', async () => {
    const close = script(undefined);
    const head = always(info('a'));
    const { backend } = scripted({ close, head });
    await backend.getMetadata('a');
    await Promise.all([backend.close(), backend.close()]);
    await backend[Symbol.asyncDispose]();
    expect(close.calls).toHaveLength(1);
    expect(await errorOf(backend.getMetadata('a'))).toMatchObject({
      code: 'Closed',
      operation: 'getMetadata',
      key: 'a',
    });
    expect(await errorOf(backend.walk('').next())).toMatchObject({ code: 'Closed', operation: 'walk' });
    expect(await errorOf(backend.healthCheck())).toMatchObject({ code: 'Closed' });
    expect(head.calls).toHaveLength(1);
  });

  test('a driver that was never opened, or could not be, asks it nothing', async () => {
    const close = always(undefined);
    await scripted({ close }).backend.close();
    const { backend } = scripted({ close, open: script(fails('InvalidConfig')) });
    await errorOf(backend.getMetadata('a'));
    await backend.close();
    expect(close.calls).toHaveLength(0);
  });

  test('while it opens waits for that, closes it, and leaves those who waited with Closed', async () => {
    const order: string[] = [];
    const note = (name: string) => () => {
      order.push(name);
    };
    const open = script(() => new Promise((resolve) => setTimeout(resolve, 100)).then(note('opened')));
    const { backend } = scripted({ open, head: always(note('head')), close: script(note('closed')) });
    const waiting = errorOf(backend.getMetadata('a'));
    await vi.waitFor(() => {
      expect(open.calls).toHaveLength(1);
    });
    await backend.close();
    expect(await waiting).toMatchObject({ code: 'Closed' });
    expect(order).toEqual(['opened', 'closed']);
  });

  test('while it opens and fails is no error of the close', async () => {
    const open = script(() => new Promise((resolve) => setTimeout(resolve, 100, fails('InvalidConfig'))));
    const { backend } = scripted({ open, close: script() });
    const waiting = errorOf(backend.getMetadata('a'));
    await vi.waitFor(() => {
      expect(open.calls).toHaveLength(1);
    });
    await backend.close();
    expect(await waiting).toMatchObject({ code: 'InvalidConfig' });
  });

  test('ends retries: a closed driver is asked nothing more', async () => {
    vi.useFakeTimers();
    const head = always(unavailable);
    const { backend } = scripted({ head }, { settings: { retry: { baseDelayMs: 1000 } } });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const result = errorOf(backend.getMetadata('a'));
    await vi.advanceTimersByTimeAsync(10);
    await backend.close();
    await vi.runAllTimersAsync();
    expect(await result).toMatchObject({ code: 'Unavailable', attempts: 1 });
    expect(head.calls).toHaveLength(1);
  });

  test('that fails rejects with a StorageError, each time', async () => {
    const close = script(fails('Unavailable', { retryable: 'safe' }));
    const { backend } = scripted({ close, head: always(info('a')) });
    await backend.getMetadata('a');
    for (let time = 0; time < 2; time++) {
      expect(await errorOf(backend.close())).toMatchObject({ code: 'Unavailable', operation: 'close' });
    }
    expect(close.calls).toHaveLength(1);
  });
});

describe('a view', () => {
  test('opens the backend below, and does not close it', async () => {
    const open = script(undefined);
    const close = script(undefined);
    const { backend } = scripted({ open, close, head: always(info('p/a')) });
    const view = backend.with(prefixed('p/'));
    await view.getMetadata('a');
    await backend.getMetadata('a');
    await view.close();
    expect(await errorOf(view.getMetadata('a'))).toMatchObject({ code: 'Closed' });
    expect((await backend.getMetadata('p/a'))?.key).toBe('p/a');
    expect(open.calls).toHaveLength(1);
    expect(close.calls).toHaveLength(0);
    await backend.close();
    expect(close.calls).toHaveLength(1);
  });

  test('closes what its own layer opened', async () => {
    const close = vi.fn(() => Promise.resolve());
    const { backend, names } = scripted({ head: always(info('a')) });
    const view = backend.with((driver: StorageDriver) => overDriver(driver, { close }));
    await view.getMetadata('a');
    await view.close();
    expect(close).toHaveBeenCalledTimes(1);
    expect(names()).not.toContain('close');
  });

  test.each([true, false])('of a backend that was closed is closed, used before: %s', async (usedBefore) => {
    const head = always(info('p/a'));
    const { backend } = scripted({ head });
    const view = backend.with(prefixed('p/'));
    if (usedBefore) await view.getMetadata('a');
    await backend.close();
    expect(await errorOf(view.getMetadata('a'))).toMatchObject({ code: 'Closed' });
    expect(head.calls).toHaveLength(usedBefore ? 1 : 0);
    await view.close();
  });

  test('of a view works, and closes nothing of others', async () => {
    const { backend } = scripted({ head: always(info('p/q/a')) });
    const view = backend.with(prefixed('p/'));
    const inner = view.with(prefixed('q/'));
    expect((await inner.getMetadata('a'))?.key).toBe('a');
    await inner.close();
    expect((await view.getMetadata('q/a'))?.key).toBe('q/a');
  });
});
