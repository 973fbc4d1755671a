import { mkdirSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { contenderOf } from './contenders/find.ts';
import type { Options } from './options.ts';
import { type Row, toResults } from './results.ts';
import { type Job, type Measurement, runChild } from './run-child.ts';
import type { RunningService, Service } from './services/service.ts';
import type { Store } from './services/store.ts';
import type { Workload } from './workloads/workload.ts';

/** Runs one workload for all contenders, round after round, in turns. */
export async function measure(
  { service, running }: { service: Service; running: RunningService },
  workload: Workload,
  {
    contenders,
    rounds: asked,
    folder,
    sizes,
    profile,
  }: Pick<Options, 'contenders' | 'rounds' | 'folder' | 'sizes' | 'profile'>,
  tell: (label: string) => void,
): Promise<Row> {
  const rounds = Math.min(asked, workload.maxRounds ?? asked);
  const scratch = `${folder}/storage-bench-scratch-${process.pid}`;
  mkdirSync(scratch, { recursive: true });
  const forget = (): void => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', forget);

  const stores = new Map<string, Store>();
  const measured = new Map<string, Measurement[]>();
  const failed: Row['failed'][number][] = [];

  async function storeOf(name: string): Promise<Store> {
    const store = stores.get(name) ?? (await running.makeStore(`${workload.id}-${name}`));
    stores.set(name, store);
    return store;
  }
  async function job(contender: string, store: Store, prefix: string, prepare: boolean): Promise<Job> {
    const setting = { prefix, scratch, sizes };
    return {
      service: service.id,
      workload: workload.id,
      contender,
      store,
      setting,
      serverPid: running.pid,
      prepare,
      profile: profile === undefined ? undefined : `${profile}/${service.id}-${workload.id}-${contender}.cpuprofile`,
    };
  }
  /** Whoever fails is out of this row, with the reason beside it. */
  async function attempt(contender: string, asked: Job): Promise<Awaited<ReturnType<typeof runChild>> | undefined> {
    try {
      return await runChild(asked);
    } catch (error) {
      measured.delete(contender);
      failed.push({ contender, reason: (error as Error).message });
      return undefined;
    }
  }

  try {
    await workload.makeScratch?.(scratch, sizes);
    const preparer = workload.preparedBy ?? service.preparedBy;
    const shared = preparer === undefined ? undefined : await storeOf('all');
    if (shared !== undefined && workload.prepare !== undefined) {
      tell(`${workload.title}: prepares`);
      await runChild(await job(preparer ?? '', shared, '', true));
    }
    for (const contender of contenders.filter((id) => takesPart(service, id, workload))) {
      if (shared === undefined && workload.prepare !== undefined) {
        tell(`${workload.title}: ${contenderOf(service, contender).label}, prepares`);
        const answer = await attempt(contender, await job(contender, await storeOf(contender), '', true));
        if (answer === 'prepared') measured.set(contender, []);
      } else {
        measured.set(contender, []);
      }
    }
    for (let round = 1; round <= rounds; round++) {
      // Each is first once: whoever follows a busy neighbour may have its cold caches.
      for (const contender of rotated([...measured.keys()], round)) {
        tell(`${workload.title}: ${contenderOf(service, contender).label}, round ${round} of ${rounds}`);
        const name = workload.prepare === undefined ? `${contender}-${round}` : contender;
        const store = shared ?? (await storeOf(name));
        const answer = await attempt(contender, await job(contender, store, `${contender}-${round}/`, false));
        if (answer === 'impossible') measured.delete(contender);
        else if (typeof answer === 'object') measured.get(contender)?.push(answer);
        if (shared === undefined && workload.prepare === undefined) {
          await running.removeStore(store);
          stores.delete(name);
        }
        rmSync(`${scratch}/target`, { recursive: true, force: true });
      }
    }
    const { id, title, unit, showsMemory } = workload;
    const load = loadavg()[0] ?? NaN;
    const results = toResults(service, workload, measured);
    return { workload: id, title, unit, showsMemory, rounds, load, results, failed };
  } finally {
    for (const store of stores.values()) await running.removeStore(store);
    process.off('exit', forget);
    forget();
  }
}

function takesPart(service: Service, id: string, workload: Workload): boolean {
  const workloads = contenderOf(service, id).only;
  if (workloads?.every((begin) => !workload.id.startsWith(begin))) return false;
  return workload.only?.includes(id) ?? true;
}

function rotated<T>(all: readonly T[], by: number): T[] {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}
