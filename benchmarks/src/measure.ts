import { mkdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { contenderOf } from './contenders/index.ts';
import type { Options } from './options.ts';
import { type Row, toRow } from './results.ts';
import { type Measurement, runChild } from './run-child.ts';
import type { Place, Workload } from './workloads/workload.ts';

/** Runs one workload for all contenders, round after round, in turns. */
export async function measure(
  workload: Workload,
  { contenders, rounds, folder, sizes }: Options,
  tell: (label: string) => void,
): Promise<Row> {
  const base = `${folder}/storage-bench-${process.pid}`;
  const scratch = `${base}/scratch`;
  const leave = (): void => {
    rmSync(base, { recursive: true, force: true });
    process.exit(130);
  };
  // Whoever stops a run does not want gigabytes of it left in memory.
  process.once('SIGINT', leave).once('SIGTERM', leave);
  mkdirSync(scratch, { recursive: true });
  try {
    await writeFile(`${scratch}/source`, Buffer.alloc(sizes.largeBytes, 'storage '));
    const measured = new Map<string, Measurement[]>();
    const takePart = contenders.filter((id) => takesPart(id, workload));

    for (const contender of takePart) {
      tell(`${workload.title}: ${contenderOf(contender).label}, prepares`);
      const job = { workload: workload.id, contender, place: placeOf(base, contender, 0), sizes, prepare: true };
      if ((await runChild(job)) === 'prepared') measured.set(contender, []);
    }
    for (let round = 1; round <= rounds; round++) {
      // Each is first once: whoever follows a busy neighbour may have its cold caches.
      for (const contender of rotated([...measured.keys()], round)) {
        tell(`${workload.title}: ${contenderOf(contender).label}, round ${round} of ${rounds}`);
        const place = placeOf(base, contender, workload.prepare === undefined ? round : 0);
        const job = { workload: workload.id, contender, place, sizes, prepare: false };
        const measurement = await runChild(job);
        if (typeof measurement === 'object') measured.get(contender)?.push(measurement);
        if (workload.prepare === undefined) rmSync(place.store, { recursive: true });
        rmSync(`${scratch}/target`, { force: true });
      }
    }
    return toRow(workload, measured);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    rmSync(base, { recursive: true });
  }
}

function takesPart(id: string, workload: Workload): boolean {
  const workloads = contenderOf(id).only;
  if (workloads !== undefined && !workloads.includes(workload.id)) return false;
  return workload.only?.includes(id) ?? true;
}

/** What is prepared serves all rounds; what is not, each round makes anew in an empty folder. */
function placeOf(base: string, contender: string, round: number): Place {
  const store = `${base}/${contender}-${round}`;
  mkdirSync(store, { recursive: true });
  return { store, scratch: `${base}/scratch` };
}

function rotated<T>(all: readonly T[], by: number): T[] {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}
