import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { killEverywhere } from './crash/matrix.ts';
import { scenarios } from './crash/scenarios.ts';
import { temporaryFolder } from './store.ts';

const long = process.env['STORAGE_TESTS_LONG'] === '1';
const versions = { keep: 20, maxAgeMs: 30 * 24 * 60 * 60 * 1000 };

const modes = [
  { title: 'with versions', settings: { versions, powerSafe: false }, isCopied: false, isNormal: true },
  { title: 'in a copied tree', settings: { versions, powerSafe: false }, isCopied: true, isNormal: long },
  { title: 'without versions', settings: { versions: undefined, powerSafe: false }, isCopied: false, isNormal: long },
  { title: 'safe against power failure', settings: { versions, powerSafe: true }, isCopied: false, isNormal: long },
];

const counts: Record<string, number> = {};

afterAll(() => {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(`killed ${String(total)} processes: ${JSON.stringify(counts)}`);
});

describe.each(modes.filter(({ isNormal }) => isNormal))(
  'a process killed at each call, $title',
  ({ settings, isCopied, title }) => {
    const names = Object.entries(scenarios)
      .filter(([, { isRare }]) => long || isRare !== true)
      .filter(([, { needsVersions }]) => needsVersions !== true || settings.versions !== undefined)
      .map(([name]) => name);

    test.each(names)('%s: old or new, nothing in between, and nothing left', { timeout: 300_000 }, async (scenario) => {
      const folder = join(await temporaryFolder(), 'stores');
      const { calls, outcomes, before, after } = await killEverywhere(folder, {
        scenario,
        settings,
        isCopied,
        everyCall: long,
      });
      counts[`${scenario}, ${title}`] = outcomes.length;

      for (const outcome of outcomes) {
        const at = `before call ${String(outcome.step)} (${outcome.call}) of ${calls.join(' ')}`;
        if (outcome.state === 'third') expect(outcome.found.objects, at).toBe(`${before.objects} or ${after.objects}`);
        // The upload itself is ended after its object was committed; a cleanup removes what is left of it.
        expect([before.sessions, after.sessions], at).toContain(outcome.found.sessions);
        expect(outcome.changedBySweep, `the sweep changed what is seen, ${at}`).toBe(false);
        expect(outcome.next, `the next write, ${at}`).toBe('next');
        expect(outcome.remains, `left, ${at}`).toEqual([]);
      }
      // Old, then new: one call is the commit point.
      const states = outcomes.map(({ state }) => state);
      expect(states, calls.join(' ')).toEqual([...states].sort((a, b) => (a === b ? 0 : a === 'old' ? -1 : 1)));
      expect(states[0]).toBe('old');
      await rm(folder, { recursive: true });
    });
  },
);
