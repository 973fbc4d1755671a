import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { runConformance } from '../../src/run-conformance.ts';
import type { BrokenDriver } from './broken/broken-driver.ts';
import { brokenClaims, brokenErrors } from './broken/claims.ts';
import { brokenConditions } from './broken/conditions.ts';
import { brokenCopies } from './broken/copies.ts';
import { brokenDeletes } from './broken/deletes.ts';
import { brokenKeys } from './broken/keys.ts';
import { brokenLists } from './broken/lists.ts';
import { brokenMetadata } from './broken/metadata.ts';
import { brokenUploads } from './broken/multipart.ts';
import { brokenReads } from './broken/reads.ts';
import { brokenVersions } from './broken/versions.ts';
import { brokenWrites } from './broken/writes.ts';
import { memoryHarness } from './memory-harness.ts';
import { recordTests } from './recording-test-api.ts';

const brokenDrivers: readonly BrokenDriver[] = [
  ...brokenWrites,
  ...brokenReads,
  ...brokenKeys,
  ...brokenLists,
  ...brokenDeletes,
  ...brokenCopies,
  ...brokenMetadata,
  ...brokenConditions,
  ...brokenUploads,
  ...brokenVersions,
  ...brokenClaims,
  ...brokenErrors,
];

/** A broken driver, the case that caught it, and how. */
interface Caught {
  readonly driver: string;
  readonly title: string;
  readonly how: string;
}

const caught: Caught[] = [];

describe('the suite catches broken drivers', () => {
  for (const { name, caughtBy, layer, store } of brokenDrivers) {
    it(`#${caughtBy} catches a driver that ${name}`, async () => {
      const failure = await firstFailure(caughtBy, layer, store);
      assert.ok(failure, `#${caughtBy} passes although the driver ${name}`);
      caught.push({ driver: name, ...failure });
    });
  }

  for (const [caughtBy, stores] of storesByCase()) {
    it(`#${caughtBy} passes with the sound driver`, async () => {
      for (const store of stores) assert.equal(await firstFailure(caughtBy, (driver) => driver, store), undefined);
    });
  }

  afterAll(report);
});

/** The stores that each case is asked about. */
function storesByCase(): ReadonlyMap<string, readonly BrokenDriver['store'][]> {
  const stores = new Map<string, BrokenDriver['store'][]>();
  for (const { caughtBy, store } of brokenDrivers) {
    const known = stores.get(caughtBy) ?? [];
    if (!known.includes(store)) stores.set(caughtBy, [...known, store]);
  }
  return stores;
}

/** Runs the cases of one number, and only those, until one fails. */
async function firstFailure(
  number: string,
  layer: BrokenDriver['layer'],
  store: BrokenDriver['store'],
): Promise<Omit<Caught, 'driver'> | undefined> {
  const recording = recordTests();
  runConformance({ name: 'self', contract: 1, harness: memoryHarness(layer, store), test: recording.test });
  const titles = recording.titles.filter((title) => title.startsWith(`#${number} `));
  assert.ok(titles.length > 0, `there is a case #${number}`);
  for (const title of titles) {
    const error = await recording.run(title);
    if (error !== undefined) return { title, how: inOneLine(error.message) };
  }
  return undefined;
}

/** A message of several lines as one short one. */
function inOneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').slice(0, 140);
}

async function report(): Promise<void> {
  const rows = caught.map(({ driver, title, how }) => [driver, title, how].map(cell).join(' | '));
  const table = ['| a driver that | is caught by | because |', '|---|---|---|', ...rows.map((row) => `| ${row} |`)];
  const text = `# Broken drivers, each caught by a named case\n\n${table.join('\n')}\n`;
  process.stdout.write(`\n${text}`);
  const folder = process.env['STORAGE_AUDIT_DIR'] ?? join(import.meta.dirname, '..', '..', '.audit');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'broken-drivers.md'), text);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
