import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { remains } from './crash/snapshot.ts';
import { context, driverAt, getText, putText } from './driver.ts';
import { temporaryFolder } from './store.ts';
import type { StormReport } from './storm.child.ts';

const operations = 10_000;
const rounds = process.env['STORAGE_TESTS_LONG'] === '1' ? 10 : 1;
const slots = 200;
const child = join(import.meta.dirname, 'storm.child.ts');

async function storm(basePath: string, seed: number, withVersions: boolean): Promise<StormReport> {
  const args = [basePath, String(seed), String(operations / 2), String(slots), withVersions ? '1' : '0'];
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, child, ...args]);
  return JSON.parse(stdout) as StormReport;
}

const modes = [
  { title: 'with versions', withVersions: true },
  { title: 'without versions', withVersions: false },
];

test.each(Array.from({ length: rounds }, (_, round) => modes.map((mode) => ({ ...mode, round }))).flat())(
  'two processes change the same keys 10,000 times, $title, round $round: no read is torn, no change is lost',
  {
    timeout: 300_000,
  },
  async ({ withVersions, round }) => {
    const basePath = join(await temporaryFolder(), 'store');
    const driver = driverAt(basePath, withVersions ? {} : { versions: undefined });
    await driver.open(context());
    await putText(driver, 'counter', '0');

    const seeds = [2 * round + 1, 2 * round + 2];
    const reports = await Promise.all(seeds.map((seed) => storm(basePath, seed, withVersions)));

    expect(reports.flatMap((report) => report.faults)).toEqual([]);
    expect(reports.reduce((sum, report) => sum + report.operations, 0)).toBe(operations);
    const increments = reports.reduce((sum, report) => sum + report.increments, 0);
    expect(Number(await getText(driver, 'counter'))).toBe(increments);
    expect(increments).toBeGreaterThan(operations / 50);

    const claimed = reports.flatMap((report) => report.claimed);
    expect(new Set(claimed).size, 'each slot has one creator').toBe(claimed.length);
    for (const [index, report] of reports.entries()) {
      for (const slot of report.claimed)
        expect(await getText(driver, `slots/${String(slot)}`)).toBe(String(seeds[index]));
    }
    expect(reports.reduce((sum, report) => sum + report.reads, 0)).toBeGreaterThan(operations / 20);
    await driver.close();
    expect(await remains(basePath)).toEqual([]);
  },
);
