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
import type { Recording } from './recording-test-api.ts';

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
  for (const broken of brokenDrivers) {
    it(`#${broken.caughtBy} catches a driver that ${broken.name}`, async () => {
      const title = await titleOf(broken.caughtBy);
      const error = await record(broken.layer).run(title);
      assert.ok(error, `${title} passes although the driver ${broken.name}`);
      caught.push({ driver: broken.name, title, how: firstLine(error.message) });
    });
  }

  const numbers = [...new Set(brokenDrivers.map(({ caughtBy }) => caughtBy))];
  for (const number of numbers) {
    it(`#${number} passes with the sound driver`, async () => {
      const title = await titleOf(number);
      const error = await record((driver) => driver).run(title);
      assert.equal(error, undefined, error?.message);
    });
  }

  afterAll(report);
});

/** The suite over a driver, recorded. */
function record(layer: BrokenDriver['layer']): Recording {
  const recording = recordTests();
  runConformance({ name: 'self', contract: 1, harness: memoryHarness(layer), test: recording.test });
  return recording;
}

/** The first test of a number with its letter. */
async function titleOf(number: string): Promise<string> {
  const title = record((driver) => driver).titles.find((candidate) => candidate.startsWith(`#${number} `));
  assert.ok(title, `there is a case #${number}`);
  return title;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 160);
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
