import type { Server, Skipped } from './server.ts';

/** One way to get a server. Rejects with a `NotHere` when this machine does not offer it. */
export type Way<Access> = () => Promise<Server<Access>>;

/** Why a way to get a server is not open on this machine; any other error is a failure. */
export class NotHere extends Error {}

/**
 * Tries the ways in order. When none is open the tests are skipped, with the reasons in one visible line; with
 * `STORAGE_TESTS_STRICT=1` that is a failure.
 */
export async function launch<Access>(name: string, ways: readonly Way<Access>[]): Promise<Server<Access> | Skipped> {
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      if (!(error instanceof NotHere)) throw new Error(`${name} did not start.`, { cause: error });
      reasons.push(error.message);
    }
  }
  const skipped = `${name} is not available: ${reasons.join('; ')}.`;
  if (process.env['STORAGE_TESTS_STRICT'] === '1')
    throw new Error(`${skipped} STORAGE_TESTS_STRICT=1 forbids to skip.`);
  tell(`SKIPPED ${skipped}`);
  return { skipped };
}

/** One line for whoever watches the run; test frameworks leave standard error alone. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
