import type { BlobServiceClient } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import { createDelegationKeys } from '../src/delegation-keys.ts';
import { classify } from '../src/errors.ts';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
const { signal } = new AbortController();

function keysAt(clock: { now: number }) {
  const asked: (readonly [start: number, end: number])[] = [];
  const service = {
    getUserDelegationKey: (start: Date, signedExpiresOn: Date) => {
      asked.push([start.getTime() - clock.now, signedExpiresOn.getTime() - clock.now]);
      return Promise.resolve({ signedExpiresOn, value: 'a2V5' });
    },
  } as unknown as BlobServiceClient;
  const keys = createDelegationKeys(
    () => Promise.resolve(service),
    () => clock.now,
  );
  return { asked, sign: (lifeMs: number) => keys(new Date(clock.now + lifeMs), signal) };
}

test('a key is used for an hour, then another one is asked for', async () => {
  const clock = { now: 1_000_000_000_000 };
  const { asked, sign } = keysAt(clock);
  for (const wait of [0, 30 * minute, 29 * minute]) {
    clock.now += wait;
    await sign(15 * minute);
  }
  expect(asked).toHaveLength(1);
  clock.now += 2 * minute;
  await sign(15 * minute);
  expect(asked).toHaveLength(2);
});

test('a key lives no longer than seven days from its beginning, and longer than what it signs', async () => {
  const clock = { now: 1_000_000_000_000 };
  const { asked, sign } = keysAt(clock);
  await sign(15 * minute);
  await sign(week);
  expect(asked).toEqual([
    [-5 * minute, week - 5 * minute],
    [0, week],
  ]);
});

test.each([
  ['empty', () => Promise.resolve({ signedExpiresOn: new Date(Number.NaN) })],
  ['none', () => Promise.reject(new TypeError('Cannot read properties of undefined'))],
])('an answer that is %s is no key, and is asked for again', async (_, getUserDelegationKey) => {
  const service = { getUserDelegationKey } as unknown as BlobServiceClient;
  const error: unknown = await createDelegationKeys(() => Promise.resolve(service))(new Date(), signal).catch(
    (reason: unknown) => reason,
  );
  expect(classify(error)).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
});
