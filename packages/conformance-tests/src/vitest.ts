import { afterAll, beforeAll, describe, it } from 'vitest';
import { isLong } from './case.ts';
import type { ConformanceOptions } from './run-conformance.ts';
import { runConformance } from './run-conformance.ts';

/** What to run under Vitest. */
export type VitestConformanceOptions = Omit<ConformanceOptions, 'test' | 'contract'>;

/**
 * Runs the suite under Vitest.
 *
 * @example
 * conformance({ name: 'local', harness });
 */
export function conformance(options: VitestConformanceOptions): void {
  // The suite watches the time of each case itself, and says what took too long.
  const timeout = isLong() ? 6_000_000 : 600_000;
  const test = {
    describe,
    beforeAll,
    afterAll,
    it: (name: string, body: () => Promise<void>) => it(name, body, timeout),
  };
  runConformance({ ...options, contract: 1, test });
}
