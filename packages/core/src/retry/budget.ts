import type { ErrorCode } from '../errors/codes.ts';

const capacity = 500;

/** A timeout has already held a connection for its whole time. */
const timeoutCost = 2;

/**
 * What all calls of a backend may spend on retries together, so that an outage is not hammered. The first retry of
 * each call is free and does not ask here.
 */
export interface RetryBudget {
  /** A request succeeded: one token comes back. */
  succeeded(): void;
  /** Takes the price of one retry; false when it is not there, and then nothing is taken. */
  draw(code: ErrorCode): boolean;
}

/** A full budget of 500 tokens. */
export function createRetryBudget(): RetryBudget {
  let tokens = capacity;
  return {
    succeeded() {
      if (tokens < capacity) tokens += 1;
    },
    draw(code) {
      const cost = code === 'Timeout' ? timeoutCost : 1;
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
  };
}
