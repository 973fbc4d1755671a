import type { StorageBackend } from '@storage/core';
import type { CaseContext, ConformanceCase } from './case.ts';
import { isLong } from './case.ts';
import type { Outcome } from './evidence.ts';
import { startFaultProxy } from './faults/fault-proxy.ts';
import { faulty } from './faults/faulty-driver.ts';
import type { Deviation, Deviations, Harness, Limits } from './harness.ts';
import { runId } from './keys.ts';

const defaultTimeoutMs = 25_000;

/** One run of the suite over one harness. */
export interface Run {
  readonly harness: Harness;
  readonly deviations: Deviations;
  /** Milliseconds, in place of the default of 25,000. */
  readonly timeoutMs: number | undefined;
  readonly id: string;
  opened: number;
  shared: StorageBackend | undefined;
}

/** Prepares a run; nothing is opened yet. */
export function prepareRun(harness: Harness, deviations?: Deviations, timeoutMs?: number): Run {
  return {
    harness,
    deviations: deviations ?? harness.deviations ?? {},
    timeoutMs,
    id: runId(),
    opened: 0,
    shared: undefined,
  };
}

/** Empties the store and opens the instance that the cases share. */
export async function openRun(run: Run): Promise<void> {
  await run.harness.reset();
  const backend = await run.harness.make();
  await backend.initialize();
  run.shared = backend;
}

/** Closes the shared instance and empties the store. */
export async function closeRun(run: Run): Promise<void> {
  await run.shared?.close();
  await run.harness.reset();
}

/** Whether a case concerns this store: one of connections needs a server. */
export function concerns(harness: Harness, test: ConformanceCase): boolean {
  return harness.server !== undefined || test.uses?.includes('server') !== true;
}

/** The declared gap that covers a case. */
export function deviationOf(run: Run, test: ConformanceCase): Deviation | undefined {
  const declared = run.deviations[test.number];
  if (declared === undefined) return undefined;
  const list: readonly Deviation[] = 'reason' in declared ? [declared] : declared;
  return list.find((deviation) => deviation.title === undefined || test.title.includes(deviation.title));
}

/** Runs one case as the capabilities and deviations have it; rejects when what must hold does not. */
export async function runCase(run: Run, test: ConformanceCase): Promise<Outcome> {
  const missing = (test.uses ?? []).filter((member) => run.harness[member] === undefined);
  const deviation = deviationOf(run, test);
  if (missing.length > 0 && deviation === undefined) {
    throw new Error(`The harness has no ${missing.join(', ')}: add it, or declare a deviation for #${test.number}.`);
  }
  const { context, dispose } = openContext(run, test);
  try {
    const limit = (test.timeoutMs ?? run.timeoutMs ?? defaultTimeoutMs) * (isLong() ? 10 : 1);
    if (deviation === undefined) return await within(limit, execute(test, context));
    if (deviation.shows !== undefined) await within(limit, deviation.shows(context));
    else if (missing.length === 0) await within(limit, expectGap(test, context, deviation));
    return 'deviated';
  } finally {
    await dispose();
  }
}

async function execute(test: ConformanceCase, context: CaseContext): Promise<Outcome> {
  if (test.needs === undefined || test.needs(context.capabilities)) {
    await test.run(context);
    return 'passed';
  }
  await test.refused(context);
  return 'refused';
}

async function expectGap(test: ConformanceCase, context: CaseContext, deviation: Deviation): Promise<void> {
  const closed = await execute(test, context).then(
    () => true,
    () => false,
  );
  if (closed && deviation.varies !== true) {
    throw new Error(`#${test.number} passes although a deviation is declared: remove it (${deviation.reason}).`);
  }
}

function openContext(run: Run, test: ConformanceCase): { context: CaseContext; dispose: () => Promise<void> } {
  const { harness, shared } = run;
  if (shared === undefined) throw new Error('The run is not open.');
  run.opened += 1;
  const prefix = `c${test.number}-${run.id}${run.opened.toString(36)}/`;
  const opened: { close(): Promise<void> }[] = [];
  const keep = (backend: StorageBackend): StorageBackend => {
    opened.unshift(backend);
    return backend;
  };
  const context: CaseContext = {
    backend: shared,
    capabilities: shared.capabilities,
    harness,
    limits: limitsOf(harness, shared),
    prefix,
    key: (name = 'object') => `${prefix}${name}`,
    make: async (options) => keep(await harness.make(options)),
    makeExtra: async (which) => {
      const made = await harness[which]?.();
      if (made === undefined) throw new Error(`The harness has no ${which}.`);
      return keep(made);
    },
    makeFaulty: async (rules = [], options) => {
      const faults = faulty(rules);
      const backend = keep(keep(await harness.make(options)).with(faults));
      return { backend, faults };
    },
    makeProxied: async (options) => {
      if (harness.server === undefined) throw new Error('The harness has no server.');
      const proxy = await startFaultProxy(harness.server.endpointUrl);
      opened.unshift(proxy);
      return { backend: keep(await harness.server.makeAt(proxy.url, options)), proxy };
    },
  };
  const dispose = async (): Promise<void> => {
    for (const each of opened) await each.close();
  };
  return { context, dispose };
}

function limitsOf(harness: Harness, backend: StorageBackend): Limits {
  const { multipart, maxPageSize } = backend.capabilities;
  const smallest = multipart === false ? 0 : multipart.minPartSize;
  const servicePage = isLong() ? maxPageSize : Math.min(maxPageSize, 1000);
  return { partSize: Math.max(64 * 1024, smallest), servicePage, ...harness.limits };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The case took longer than ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
