import { randomBytes } from 'node:crypto';
import type { Contender } from '../contenders/contender.ts';
import { inFlight, inFlightFor } from './in-flight.ts';
import type { Work, Workload } from './workload.ts';

const smallBytes = 4096;
const filesRead = 1000;
const body = randomBytes(smallBytes);

/** What one operation of a workload is. */
type Operation = (contender: Contender, index: number) => Promise<unknown>;

/** 4 KiB files, so many operations at a time. */
export function smallWorkloads(concurrency: number): Workload[] {
  const common = { unit: 'operations/s', showsMemory: false, isPossible: () => true } as const;
  const names = (operation: string) => ({
    id: `${operation}-${concurrency}`,
    title: `${operation} 4 KiB, ${concurrency} in flight`,
  });

  function repeated(operation: string, once: Operation): Workload {
    const repeat = (contender: Contender, seconds: number): Promise<number> =>
      inFlightFor(concurrency, seconds, (index) => once(contender, index));
    return {
      ...common,
      ...names(operation),
      prepare: (contender) => saveAll(contender, 'files', filesRead),
      warmUp: async (contender, _place, { seconds }) => void (await repeat(contender, seconds / 2)),
      run: async (contender, _place, { seconds }): Promise<Work> => ({ amount: await repeat(contender, seconds) }),
    };
  }

  return [
    { ...repeated('save', saver()), prepare: undefined },
    repeated('overwrite', (contender, index) => contender.save(key('files', scattered(index)), body)),
    repeated('retrieve', async (contender, index) => {
      const bytes = await contender.retrieve(key('files', scattered(index)));
      if (bytes !== smallBytes) throw new Error(`read ${bytes} bytes`);
    }),
    repeated('exists', async (contender, index) => {
      if (!(await contender.exists(key('files', scattered(index))))) throw new Error('a file was not there');
    }),
    {
      ...common,
      ...names('delete'),
      async warmUp(contender, _place, { deletes }) {
        await saveAll(contender, 'warm', deletes / 2);
        await saveAll(contender, 'gone', deletes);
        await inFlight(concurrency, deletes / 2, (index) => contender.delete(key('warm', index)));
      },
      async run(contender, _place, { deletes }) {
        await inFlight(concurrency, deletes, (index) => contender.delete(key('gone', index)));
        return { amount: deletes };
      },
    },
  ];
}

/** Saves files that are not there yet. */
function saver(): Operation {
  let saved = 0;
  return (contender) => contender.save(key('new', saved++), body);
}

function saveAll(contender: Contender, folder: string, files: number): Promise<void> {
  return inFlight(16, files, (index) => contender.save(key(folder, index), body));
}

function key(folder: string, index: number): string {
  return `${folder}/${index % 10}/file-${index}.bin`;
}

/** In no order that a disk would like. */
function scattered(index: number): number {
  return (index * 7919) % filesRead;
}
