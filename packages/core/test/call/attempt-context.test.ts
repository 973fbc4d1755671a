import { expect, test, vi } from 'vitest';
import { AttemptContext } from '../../src/call/attempt-context.ts';
import type { CallState } from '../../src/call/call-state.ts';

function makeContext(): AttemptContext {
  return new AttemptContext({} as CallState, 1);
}

test('onAbort tells once, at once where the attempt has ended', () => {
  const context = makeContext();
  const heard = vi.fn();
  context.onAbort(heard);
  context.abort('why');
  expect(heard.mock.calls).toEqual([['why']]);
  const late = vi.fn();
  context.onAbort(late);
  expect(late.mock.calls).toEqual([['why']]);
  expect(context.signal.aborted).toBe(true);
});

test('a callback that throws keeps no other from hearing, and is uncaught like a listener on a signal', () => {
  const context = makeContext();
  const heard = vi.fn();
  context.onAbort(() => {
    throw new RangeError('a driver is broken');
  });
  context.onAbort(heard);
  const soon = vi.spyOn(process, 'nextTick').mockImplementation(() => undefined);
  context.abort('why');
  const raise = soon.mock.calls[0]?.[0];
  soon.mockRestore();
  expect(heard).toHaveBeenCalledWith('why');
  expect(raise).toThrow('a driver is broken');
});
