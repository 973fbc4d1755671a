import type { Contender } from '../contenders/contender.ts';
import { inFlight, inFlightFor } from './in-flight.ts';
import { assertSame, smallBody } from './same.ts';
import type { Setting, Workload } from './workload.ts';

const filesRead = 1000;
/** More would fill the server's memory and change nothing. */
const filesWritten = 2000;
const verified = 50;
const body = smallBody;

/** What one operation of a workload is. */
type Operation = (contender: Contender, index: number, setting: Setting) => Promise<unknown>;

/** 4 KiB files, so many operations at a time. */
export function smallWorkloads(concurrency: number): Workload[] {
  const common = {
    unit: 'operations/s',
    showsMemory: false,
    isQuick: concurrency === 16,
    isPossible: () => true,
  } as const;
  const names = (operation: string): { id: string; title: string } => ({
    id: `${operation}-${concurrency}`,
    title: `${operation} 4 KiB, ${concurrency} in flight`,
  });

  function repeated(operation: string, once: Operation): Workload {
    const repeat = (contender: Contender, setting: Setting, seconds: number): Promise<number> =>
      inFlightFor(concurrency, seconds, (index) => once(contender, index, setting));
    return {
      ...common,
      ...names(operation),
      prepare: (contender) => saveAll(contender, 'files', filesRead),
      warmUp: (contender, setting) => repeat(contender, setting, setting.sizes.warmSeconds),
      run: async (contender, setting) => ({ amount: await repeat(contender, setting, setting.sizes.seconds) }),
    };
  }

  /** Some of what was written is what it should be. */
  async function verify(_contender: Contender, witness: Contender, { prefix }: Setting): Promise<void> {
    for (let index = 0; index < verified; index++) {
      const found = keyOf(`${prefix}new`, index);
      if (await witness.exists(found)) assertSame(await witness.retrieve(found), body);
      else if (index === 0) throw new Error('nothing was written');
    }
  }

  return [
    {
      ...repeated('put', (contender, index, { prefix }) =>
        contender.save(keyOf(`${prefix}new`, index % filesWritten), body),
      ),
      prepare: undefined,
      verify,
    },
    {
      ...repeated('overwrite', (contender, index) => contender.save(keyOf('files', scattered(index)), body)),
      isQuick: false,
    },
    repeated('get', async (contender, index) => {
      assertSame(await contender.retrieve(keyOf('files', scattered(index))), body);
    }),
    repeated('head', async (contender, index) => {
      if (!(await contender.exists(keyOf('files', scattered(index))))) throw new Error('a file was not there');
    }),
    {
      ...common,
      ...names('delete'),
      // It stores more than it deletes.
      isQuick: false,
      async warmUp(contender, { prefix, sizes }) {
        await saveAll(contender, `${prefix}warm`, sizes.deletes);
        await saveAll(contender, `${prefix}gone`, sizes.deletes);
        await inFlight(concurrency, sizes.deletes, (index) => contender.delete(keyOf(`${prefix}warm`, index)));
      },
      async run(contender, { prefix, sizes }) {
        await inFlight(concurrency, sizes.deletes, (index) => contender.delete(keyOf(`${prefix}gone`, index)));
        return { amount: sizes.deletes };
      },
      async verify(_contender, witness, { prefix, sizes }) {
        for (let index = 0; index < sizes.deletes; index += Math.ceil(sizes.deletes / verified)) {
          if (await witness.exists(keyOf(`${prefix}gone`, index))) throw new Error('a deleted file is there');
        }
      },
    },
  ];
}

function saveAll(contender: Contender, folder: string, files: number): Promise<void> {
  return inFlight(16, files, (index) => contender.save(keyOf(folder, index), body));
}

function keyOf(folder: string, index: number): string {
  return `${folder}/${index % 10}/file-${index}.bin`;
}

/** In no order that a disk would like. */
function scattered(index: number): number {
  return (index * 7919) % filesRead;
}
