import { describe, expect, it } from 'vitest';
import { createRetryBudget } from '../../src/retry/budget.ts';

function drawUntilEmpty(budget: ReturnType<typeof createRetryBudget>): number {
  let drawn = 0;
  while (budget.draw('Unavailable')) drawn += 1;
  return drawn;
}

describe('the retry budget', () => {
  it('pays for 500 retries and no more', () => {
    const budget = createRetryBudget();
    expect(drawUntilEmpty(budget)).toBe(500);
    expect(budget.draw('Unavailable')).toBe(false);
  });

  it('gets one token back with each success, and never has more than 500', () => {
    const budget = createRetryBudget();
    drawUntilEmpty(budget);
    for (let i = 0; i < 3; i += 1) budget.succeeded();
    expect(drawUntilEmpty(budget)).toBe(3);
    for (let i = 0; i < 2_000; i += 1) budget.succeeded();
    expect(drawUntilEmpty(budget)).toBe(500);
  });

  it('pays double for a timeout, and takes nothing when that is too much', () => {
    const budget = createRetryBudget();
    drawUntilEmpty(budget);
    budget.succeeded();
    expect(budget.draw('Timeout')).toBe(false);
    expect(budget.draw('Unavailable')).toBe(true);
  });
});
