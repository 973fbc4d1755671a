import { expect, test } from 'vitest';
import type { UploadBody } from '../../src/driver.ts';
import { collect, concat } from '../../src/driver-kit/collect.ts';

const never = new AbortController().signal;

function streamed(chunks: AsyncIterable<Uint8Array>): UploadBody {
  return { size: undefined, open: () => chunks };
}

test('pieces are joined in order into memory of their own', async () => {
  const pieces = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
  const whole = concat(pieces);
  pieces[0]?.fill(9);
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
  expect(concat([])).toEqual(new Uint8Array(0));
});

test('a source may reuse its buffer for every chunk', async () => {
  const buffer = new Uint8Array(1);
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const value of [1, 2, 3]) {
      buffer.fill(value);
      yield buffer;
    }
  }
  expect(await collect(streamed(source()), never)).toEqual(Uint8Array.of(1, 2, 3));
});

test('the error of the source is what it rejects with', async () => {
  const broken = new Error('the disk is gone');
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1);
    throw broken;
  }
  await expect(collect(streamed(source()), never)).rejects.toBe(broken);
});

test('a signal that has aborted opens no source', async () => {
  const body: UploadBody = {
    size: 0,
    open() {
      throw new Error('opened');
    },
  };
  await expect(collect(body, AbortSignal.abort('stop'))).rejects.toBe('stop');
});

test('an abort rejects while the source hangs, and tells the source to stop', async () => {
  const controller = new AbortController();
  let stopped = false;
  const body: UploadBody = {
    size: undefined,
    open: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return() {
          stopped = true;
          return new Promise(() => undefined);
        },
      }),
    }),
  };
  const collecting = collect(body, controller.signal);
  controller.abort(new Error('enough'));
  await expect(collecting).rejects.toThrow('enough');
  expect(stopped).toBe(true);
});

test('a finished collection leaves no listener on the signal', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  signal.addEventListener = () => listeners++;
  signal.removeEventListener = () => listeners--;
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* [Uint8Array.of(1), Uint8Array.of(2)];
  }
  await collect(streamed(source()), signal);
  await Promise.resolve();
  expect(listeners).toBe(0);
});
