import { mkdirSync, rmSync } from 'node:fs';
import type { Options } from '../options.ts';
import { type Job, type Measurement, runChild } from '../run-child.ts';
import type { RunningService, Service } from '../services/service.ts';
import type { Store } from '../services/store.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Pair } from './verdict.ts';

/** One contender of this tree and of the other, in turns; undefined when it has no way to do this. */
export async function compare(
  { service, running }: { service: Service; running: RunningService },
  workload: Workload,
  contender: string,
  otherChild: string,
  { rounds, folder, sizes }: Options,
): Promise<Pair[] | undefined> {
  const scratch = `${folder}/storage-bench-scratch-${process.pid}`;
  mkdirSync(scratch, { recursive: true });
  const sides = [
    { name: 'mine', child: undefined },
    { name: 'theirs', child: otherChild },
  ] as const;
  // Each has a store that it prepared itself: what is stored may differ.
  const stores = new Map<string, Store>();
  const storeOf = async (name: string): Promise<Store> => {
    const store = stores.get(name) ?? (await running.makeStore(`${workload.id}-${contender}-${name}`));
    stores.set(name, store);
    return store;
  };
  const jobOf = (store: Store, prefix: string, prepare: boolean): Job => ({
    service: service.id,
    workload: workload.id,
    contender,
    store,
    setting: { prefix, scratch, sizes },
    serverPid: running.pid,
    prepare,
  });

  async function once({ name, child }: (typeof sides)[number], round: number): Promise<Measurement | undefined> {
    // Where nothing is prepared, nothing of the round before is there either.
    const storeName = workload.prepare === undefined ? `${name}-${round}` : name;
    const answer = await runChild(jobOf(await storeOf(storeName), `${name}-${round}/`, false), child);
    rmSync(`${scratch}/target`, { recursive: true, force: true });
    if (workload.prepare === undefined) {
      await running.removeStore(await storeOf(storeName));
      stores.delete(storeName);
    }
    return typeof answer === 'object' ? answer : undefined;
  }

  try {
    await workload.makeScratch?.(scratch, sizes);
    if (workload.prepare !== undefined) {
      for (const { name, child } of sides) await runChild(jobOf(await storeOf(name), '', true), child);
    }
    const pairs: Pair[] = [];
    for (let round = 1; round <= rounds; round++) {
      const turns = round % 2 === 1 ? sides : [...sides].reverse();
      const found = new Map<string, Measurement>();
      for (const side of turns) {
        const measurement = await once(side, round);
        if (measurement === undefined) return undefined;
        found.set(side.name, measurement);
      }
      pairs.push({ mine: found.get('mine') as Measurement, theirs: found.get('theirs') as Measurement });
    }
    return pairs;
  } finally {
    for (const store of stores.values()) await running.removeStore(store);
    rmSync(scratch, { recursive: true, force: true });
  }
}
