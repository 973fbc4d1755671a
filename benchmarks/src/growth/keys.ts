import type { Contender } from '../contenders/contender.ts';
import { inFlight } from '../workloads/in-flight.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Axis, common } from './axis.ts';

const counts = [100, 1000, 10_000, 100_000, 1_000_000];
const body = Buffer.from('one of many');
const sampled = 500;

function keyOf(index: number): string {
  return `many/${Math.floor(index / 1000)}/file-${index % 1000}.txt`;
}

/** Each count is stored once, and all three kinds of work find it. */
function workload(id: string, count: number, work: Pick<Workload, 'run' | 'isPossible' | 'warmUp'>): Workload {
  return {
    ...common,
    id: `${id}-${count}`,
    title: `${id}, ${count} keys`,
    preparedBy: 'limit',
    ...(count >= 1_000_000 && { maxRounds: 1 }),
    async prepare(contender) {
      if (await contender.exists(keyOf(count - 1))) return;
      await inFlight(64, count, (index) => contender.save(keyOf(index), body));
      // Those that were in flight beside it may have come after it.
      await contender.save(keyOf(count - 1), body);
    },
    ...work,
  };
}

function list(count: number): Workload {
  const times = Math.max(1, Math.floor(20_000 / count));
  return workload('keys-list', count, {
    isPossible: (contender) => contender.list !== undefined,
    warmUp: async (contender) => contender.list?.('many/0/'),
    async run(contender) {
      for (let n = 0; n < times; n++) {
        const found = await contender.list?.('many/');
        if (found !== count) throw new Error(`listed ${found} of ${count}`);
      }
      return { amount: times };
    },
  });
}

function head(count: number): Workload {
  const look = (contender: Contender, times: number): Promise<void> =>
    inFlight(16, times, async (index) => {
      if (!(await contender.exists(keyOf((index * 7919) % count)))) throw new Error('a file was not there');
    });
  return workload('keys-head', count, {
    isPossible: () => true,
    warmUp: (contender) => look(contender, sampled),
    async run(contender) {
      await look(contender, 2 * sampled);
      return { amount: 2 * sampled };
    },
  });
}

/** In the folders of the others, so that the count is around them. */
function remove(count: number): Workload {
  const key = (prefix: string, index: number): string =>
    `many/${index % Math.ceil(count / 1000)}/${prefix.replace('/', '-')}${index}.txt`;
  return workload('keys-delete', count, {
    isPossible: () => true,
    async warmUp(contender, { prefix }) {
      await inFlight(16, 2 * sampled, (index) => contender.save(key(prefix, index), body));
      await inFlight(16, sampled, (index) => contender.delete(key(prefix, index)));
    },
    async run(contender, { prefix }) {
      await inFlight(16, sampled, (index) => contender.delete(key(prefix, sampled + index)));
      return { amount: sampled };
    },
  });
}

const shared = { service: 's3', of: 'keys', contenders: ['limit', 'ours', 'client-s3'] } as const;

export const keyAxes: readonly Axis[] = [
  {
    ...shared,
    id: 'keys-list',
    title: 'list all keys',
    expects: 'linear',
    points: counts.map((x) => ({ x, workload: list(x) })),
  },
  {
    ...shared,
    id: 'keys-head',
    title: 'existence of one key among so many, 16 in flight',
    expects: 'flat',
    points: counts.map((x) => ({ x, workload: head(x) })),
  },
  {
    ...shared,
    id: 'keys-delete',
    title: 'delete of one key among so many, 16 in flight',
    expects: 'flat',
    points: counts.map((x) => ({ x, workload: remove(x) })),
  },
];
