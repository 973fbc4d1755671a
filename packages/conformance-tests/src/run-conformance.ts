import { allAreas } from './areas/index.ts';
import { auditCase, writeAudit } from './audit.ts';
import type { Area, AreaName, ConformanceCase } from './case.ts';
import type { Run } from './case-run.ts';
import { closeRun, concerns, deviationOf, openRun, prepareRun, runCase } from './case-run.ts';
import type { CaseRecord, Evidence } from './evidence.ts';
import { collectEvidence, titleOf } from './evidence.ts';
import type { Deviations, Harness } from './harness.ts';

/** The test framework, injected: Vitest, `node:test` (`before` and `after` as the hooks), Jest, Bun. */
export interface TestApi {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
  beforeAll(body: () => Promise<void>): unknown;
  afterAll(body: () => Promise<void>): unknown;
}

/** What to run. */
export interface ConformanceOptions {
  /** Name of the backend, with its options where they matter: `local`, `memory, prefixed`. */
  readonly name: string;
  /** Version of the contract that is tested; new cases of one version break nobody. */
  readonly contract: 1;
  readonly harness: Harness;
  readonly test: TestApi;
  /** @default all */
  readonly areas?: readonly AreaName[];
  /** @default those of the harness */
  readonly deviations?: Deviations;
}

/**
 * Declares every case as a test of the framework given, and the audit of the claims as the last one.
 *
 * @example
 * runConformance({ name: 'memory', contract: 1, harness, test: { describe, it, beforeAll, afterAll } });
 */
export function runConformance(options: ConformanceOptions): void {
  const { name, harness, test } = options;
  const run = prepareRun(harness, options.deviations);
  const evidence = collectEvidence();
  const areas = allAreas.filter((area) => options.areas?.includes(area.name) ?? true);
  test.describe(`conformance of ${name}`, () => {
    test.beforeAll(() => openRun(run));
    test.afterAll(() => closeRun(run));
    for (const area of areas) declareArea(test, run, area, evidence);
    test.describe('Claims', () => {
      test.afterAll(() => writeAudit({ name, run, evidence }));
      test.it(titleOf(auditCase), async () =>
        auditCase.check({ run, evidence, complete: options.areas === undefined }),
      );
    });
  });
}

function declareArea(test: TestApi, run: Run, area: Area, evidence: Evidence): void {
  test.describe(area.title, () => {
    for (const item of area.cases) {
      if (!concerns(run.harness, item)) continue;
      const deviation = deviationOf(run, item);
      const note = deviation === undefined ? '' : ` (deviation: ${deviation.reason})`;
      test.it(`${titleOf(item)}${note}`, async () => {
        const record = await recordCase(run, area, item);
        evidence.add(record.record);
        if ('error' in record) throw record.error as Error;
      });
    }
  });
}

/** What to run without a test framework. */
export interface EvaluateOptions {
  readonly harness: Harness;
  /** Numbers of cases. @default all */
  readonly only?: readonly number[];
  readonly deviations?: Deviations;
  /** Milliseconds that a case may take. @default 25,000 */
  readonly timeoutMs?: number;
}

/**
 * Runs cases without a test framework and resolves to how each ended; a failed case does not reject.
 *
 * @example
 * const [record] = await evaluate({ harness, only: [104] });
 */
export async function evaluate(options: EvaluateOptions): Promise<readonly CaseRecord[]> {
  const run = prepareRun(options.harness, options.deviations, options.timeoutMs);
  await openRun(run);
  const records: CaseRecord[] = [];
  for (const area of allAreas) {
    for (const item of area.cases) {
      if (options.only?.includes(item.number) === false || !concerns(run.harness, item)) continue;
      records.push((await recordCase(run, area, item)).record);
    }
  }
  await closeRun(run);
  return records;
}

async function recordCase(
  run: Run,
  area: Area,
  item: ConformanceCase,
): Promise<{ readonly record: CaseRecord; readonly error?: unknown }> {
  const { number, title, claims = [] } = item;
  const began = performance.now();
  const base = (): Pick<CaseRecord, 'number' | 'title' | 'area' | 'claims' | 'milliseconds'> => ({
    number,
    title,
    area: area.name,
    claims,
    milliseconds: Math.round(performance.now() - began),
  });
  try {
    const outcome = await runCase(run, item);
    const deviation = outcome === 'deviated' ? deviationOf(run, item) : undefined;
    const { reason: note, evidence } = deviation ?? {};
    return {
      record: { ...base(), outcome, ...(note !== undefined && { note }), ...(evidence !== undefined && { evidence }) },
    };
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    return { record: { ...base(), outcome: 'failed', note }, error };
  }
}
