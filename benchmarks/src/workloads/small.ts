import { randomBytes } from 'node:crypto';
import type { Contender } from '../contenders/contender.ts';
import { inFlight } from './in-flight.ts';
import type { Workload, WorkloadSizes } from './workload.ts';

const smallBytes = 4096;
const filesRead = 1000;
const warmUpOperations = 300;
const body = randomBytes(smallBytes);

/** 4 KiB files, so many operations at a time. */
export function smallWorkloads(concurrency: number): Workload[] {
  const count = ({ smallOperations }: WorkloadSizes): number =>
    concurrency === 1 ? Math.ceil(smallOperations / 2) : smallOperations;
  const name = (operation: string): Pick<Workload, 'id' | 'title' | 'unit' | 'showsMemory' | 'isPossible'> => ({
    id: `${operation}-${concurrency}`,
    title: `${operation} 4 KiB, ${concurrency} in flight`,
    unit: 'operations/s',
    showsMemory: false,
    isPossible: () => true,
  });
  const saveAll = (contender: Contender, folder: string, files: number): Promise<void> =>
    inFlight(16, files, (index) => contender.save(key(folder, index), body));

  return [
    {
      ...name('save'),
      warmUp: (contender) => saveAll(contender, 'warm', warmUpOperations),
      async run(contender, _place, sizes) {
        const amount = count(sizes);
        await inFlight(concurrency, amount, (index) => contender.save(key('new', index), body));
        return { amount };
      },
    },
    {
      ...name('overwrite'),
      prepare: (contender) => saveAll(contender, 'files', filesRead),
      warmUp: (contender) => saveAll(contender, 'warm', warmUpOperations),
      async run(contender, _place, sizes) {
        const amount = count(sizes);
        await inFlight(concurrency, amount, (index) => contender.save(key('files', index % filesRead), body));
        return { amount };
      },
    },
    {
      ...name('retrieve'),
      prepare: (contender) => saveAll(contender, 'files', filesRead),
      warmUp: (contender) =>
        inFlight(concurrency, warmUpOperations, (index) => contender.retrieve(key('files', scattered(index)))),
      async run(contender, _place, sizes) {
        const amount = count(sizes);
        await inFlight(concurrency, amount, async (index) => {
          const bytes = await contender.retrieve(key('files', scattered(index)));
          if (bytes !== smallBytes) throw new Error(`read ${bytes} bytes`);
        });
        return { amount };
      },
    },
    {
      ...name('exists'),
      prepare: (contender) => saveAll(contender, 'files', filesRead),
      warmUp: (contender) =>
        inFlight(concurrency, warmUpOperations, (index) => contender.exists(key('files', scattered(index)))),
      async run(contender, _place, sizes) {
        const amount = count(sizes);
        await inFlight(concurrency, amount, async (index) => {
          if (!(await contender.exists(key('files', scattered(index))))) throw new Error('a file was not there');
        });
        return { amount };
      },
    },
    {
      ...name('delete'),
      async warmUp(contender, _place, sizes) {
        await saveAll(contender, 'warm', warmUpOperations);
        await inFlight(concurrency, warmUpOperations, (index) => contender.delete(key('warm', index)));
        await saveAll(contender, 'gone', count(sizes));
      },
      async run(contender, _place, sizes) {
        const amount = count(sizes);
        await inFlight(concurrency, amount, (index) => contender.delete(key('gone', index)));
        return { amount };
      },
    },
  ];
}

function key(folder: string, index: number): string {
  return `${folder}/${index % 10}/file-${index}.bin`;
}

/** In no order that a disk would like. */
function scattered(index: number): number {
  return (index * 7919) % filesRead;
}
