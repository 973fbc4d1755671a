import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { run } from '../../src/disk/run.ts';
import { sweep } from '../../src/lock/sweep.ts';
import type { LocalSettings } from '../../src/store.ts';
import { context, driverAt, getText, putText } from '../driver.ts';
import { scenarios } from './scenarios.ts';
import { remains, type Snapshot, snapshot } from './snapshot.ts';

/** What was found after one kill. */
interface Outcome {
  /** The call before which the process was killed, and which one that was. */
  readonly step: number;
  readonly call: string;
  readonly state: 'old' | 'new' | 'third';
  readonly found: Snapshot;
  /** Whether the sweep changed what is seen. */
  readonly changedBySweep: boolean;
  readonly remains: readonly string[];
  /** What the next write of the key came to. */
  readonly next: string;
}

/** What the kills of one scenario may lead to. */
export interface Matrix {
  /** The calls of the scenario, in order. */
  readonly calls: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly before: Snapshot;
  readonly after: Snapshot;
}

type Settings = Pick<LocalSettings, 'versions' | 'powerSafe'>;

/** Calls that change nothing. `open` is not among them: it may create. */
const looking = new Set([
  'lstat',
  'fstat',
  'read',
  'readdir',
  'close',
  'realpath',
  'access',
  'opendir',
  'sleep',
  'wait',
]);

const child = join(import.meta.dirname, 'crash.child.ts');
/** Compiled code is kept from child to child: most of a child's time would go into that. */
const childEnvironment = { ...process.env, NODE_COMPILE_CACHE: mkdtempSync(join(tmpdir(), 'compiled-')) };
afterAll(() => {
  rmSync(childEnvironment.NODE_COMPILE_CACHE, { recursive: true, force: true });
});

/** Kills under way at once. */
const parallel = 3;

/** What is killed, and in which stores. */
export interface Plan {
  readonly scenario: string;
  readonly settings: Settings;
  /** In copies of a store: they find their records by checksums first. */
  readonly isCopied: boolean;
  /** Also before calls that follow one that only looked: the disk is as it was before that. */
  readonly everyCall: boolean;
}

/** Kills a process before the calls that a scenario makes, and looks at what each left behind. */
export async function killEverywhere(folder: string, plan: Plan): Promise<Matrix> {
  const [untouched, whole] = [join(folder, 'untouched'), join(folder, 'whole')];
  await prepare(untouched, plan);
  await prepare(whole, plan);
  const { output } = await runChild(whole, plan);
  const calls = JSON.parse(output) as string[];
  const before = await seen(untouched, plan.settings);
  const after = await seen(whole, plan.settings);

  const outcomes: Outcome[] = [];
  const points = killPoints(calls, plan.everyCall);
  const steps = points.entries();
  const worker = async (): Promise<void> => {
    for (const [index, step] of steps) {
      outcomes[index] = await killAt(join(folder, String(step)), plan, step, { before, after });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return { calls, outcomes, before, after };
}

/** Indices of the calls before which a process is killed. */
function killPoints(calls: readonly string[], everyCall: boolean): number[] {
  return [...calls.keys()].filter((index) => everyCall || !looking.has(calls[index - 1] ?? ''));
}

async function killAt(
  basePath: string,
  plan: Plan,
  step: number,
  { before, after }: Pick<Matrix, 'before' | 'after'>,
): Promise<Outcome> {
  const { settings } = plan;
  await prepare(basePath, plan);
  // Another process that shares the store all the time: it does not sweep after the kill.
  const witness = driverAt(basePath, settings);
  await witness.open(context());
  const { output: call, signal } = await runChild(basePath, plan, step);
  if (signal !== 'SIGKILL')
    throw new Error(`step ${String(step)} of "${plan.scenario}" was not killed: ${output(call)}`);

  const withVersions = settings.versions !== undefined;
  const found = await snapshot(witness, withVersions);
  const state = found.objects === before.objects ? 'old' : found.objects === after.objects ? 'new' : 'third';
  // Half of the stores are written next without a sweep: the writer itself has to break the lock.
  const nextFirst = step % 2 === 1;
  const early = nextFirst ? await writeNext(witness) : '';
  const expected = nextFirst ? await snapshot(witness, withVersions) : found;
  await run(witness.store.pace, sweep(witness.store));
  const changedBySweep = !isSame(await snapshot(witness, withVersions), expected);
  const next = nextFirst ? early : await writeNext(witness);
  await witness.close();
  const outcome = { step, call, state, found, changedBySweep, remains: await remains(basePath), next } as const;
  await rm(basePath, { recursive: true });
  return outcome;
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return a.objects === b.objects && a.sessions === b.sessions;
}

async function writeNext(witness: ReturnType<typeof driverAt>): Promise<string> {
  await putText(witness, 'folder/a.txt', 'next');
  return getText(witness, 'folder/a.txt');
}

/** A store as it is before the scenario. */
async function prepare(basePath: string, { scenario, settings, isCopied }: Plan): Promise<void> {
  const origin = isCopied ? `${basePath}-origin` : basePath;
  const driver = driverAt(origin, settings);
  await driver.open(context());
  await driver.check(context());
  await scenarios[scenario]?.prepare(driver);
  await driver.close();
  if (!isCopied) return;
  await cp(origin, basePath, { recursive: true });
  await rm(origin, { recursive: true });
}

async function seen(basePath: string, settings: Settings): Promise<Snapshot> {
  const driver = driverAt(basePath, settings);
  await driver.open(context());
  const found = await snapshot(driver, settings.versions !== undefined);
  await driver.close();
  return found;
}

interface Ended {
  readonly output: string;
  readonly signal: NodeJS.Signals | null;
}

function runChild(basePath: string, { scenario, settings }: Plan, stopAt = Infinity): Promise<Ended> {
  const args = [...process.execArgv, child, basePath, scenario, JSON.stringify(settings), String(stopAt)];
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: childEnvironment });
  let text = '';
  process_.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  process_.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    process_.once('error', reject);
    process_.once('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ output: text, signal });
      else reject(new Error(`the child ended with ${String(code)}: ${output(text)}`));
    });
  });
}

function output(text: string): string {
  return text.slice(0, 2000);
}
