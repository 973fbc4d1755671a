import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRetryPolicy, retryDelayMs } from '../../src/retry/policy.ts';

const longest = (): number => 1;
const shortest = (): number => 0;

describe('retries', () => {
  it('are four after the first attempt by default', () => {
    const policy = makeRetryPolicy();
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(policy, attempt, { code: 'Unavailable' }))).not.toContain(
      undefined,
    );
    expect(retryDelayMs(policy, 5, { code: 'Unavailable' })).toBeUndefined();
  });

  it('are as many as the options say, and none for false', () => {
    expect(retryDelayMs(makeRetryPolicy({ attempts: 2 }), 1, { code: 'Unavailable' })).toBeDefined();
    expect(retryDelayMs(makeRetryPolicy({ attempts: 2 }), 2, { code: 'Unavailable' })).toBeUndefined();
    expect(retryDelayMs(makeRetryPolicy(false), 1, { code: 'Unavailable' })).toBeUndefined();
  });

  it('wait up to 50 ms, then twice as long each time', () => {
    const policy = makeRetryPolicy({ attempts: 20 }, longest);
    const delays = [1, 2, 3, 4].map((attempt) => retryDelayMs(policy, attempt, { code: 'Unavailable' }));
    expect(delays).toEqual([50, 100, 200, 400]);
    expect(retryDelayMs(policy, 19, { code: 'Unavailable' })).toBe(20_000);
  });

  it('wait longer where the service is asking for fewer requests', () => {
    const policy = makeRetryPolicy({}, longest);
    expect([1, 2].map((attempt) => retryDelayMs(policy, attempt, { code: 'Throttled' }))).toEqual([500, 1_000]);
  });

  it('wait out Retry-After, whatever the jitter, and give up when it is too long', () => {
    expect(retryDelayMs(makeRetryPolicy({}, shortest), 1, { code: 'Throttled', retryAfterMs: 3_000 })).toBe(3_000);
    expect(retryDelayMs(makeRetryPolicy({}, longest), 1, { code: 'Unavailable', retryAfterMs: 3_000 })).toBe(3_050);
    expect(retryDelayMs(makeRetryPolicy(), 1, { code: 'Throttled', retryAfterMs: 60_001 })).toBeUndefined();
  });

  it('spread over the whole time, from nothing to the limit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 4 }),
        (random, attempt) => {
          const delay =
            retryDelayMs(
              makeRetryPolicy({}, () => random),
              attempt,
              { code: 'Timeout' },
            ) ?? -1;
          expect(delay).toBeCloseTo(random * 50 * 2 ** (attempt - 1), 6);
        },
      ),
    );
  });
});
