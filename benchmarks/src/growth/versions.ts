import type { Contender } from '../contenders/contender.ts';
import { assertSame, smallBody } from '../workloads/same.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Axis, common } from './axis.ts';

const counts = [1, 10, 100, 1000, 10_000];
const key = 'much/changed.bin';
const contenders = ['ours-all-versions'];

function workload(
  id: string,
  count: number,
  times: number,
  once: (contender: Contender) => Promise<unknown>,
): Workload {
  return {
    ...common,
    id: `versions-${id}-${count}`,
    title: `${id}, ${count} versions`,
    isPossible: ({ countVersions }) => countVersions !== undefined,
    async prepare(contender) {
      for (let n = 0; n < count; n++) await contender.save(key, smallBody);
    },
    // It adds some: at one version the figure is that of a few.
    warmUp: (contender) => repeat(3, () => once(contender)),
    async run(contender) {
      await repeat(times, () => once(contender));
      return { amount: times };
    },
  };
}

async function repeat(times: number, once: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < times; n++) await once();
}

async function countAll(contender: Contender, count: number): Promise<void> {
  const found = await contender.countVersions?.(key);
  if (found !== count) throw new Error(`${found} of ${count} versions are there`);
}

function axis(id: string, title: string, expects: Axis['expects'], of: (count: number) => Workload): Axis {
  const points = counts.map((x) => ({ x, workload: of(x) }));
  return { id: `versions-${id}`, title, service: 'local', of: 'versions', expects, contenders, points };
}

export const versionAxes: readonly Axis[] = [
  axis('save', 'save over a key with so many versions', 'flat', (count) =>
    workload('save', count, 20, (contender) => contender.save(key, smallBody)),
  ),
  axis('get', 'retrieve the current version', 'flat', (count) =>
    workload('get', count, 300, async (contender) => assertSame(await contender.retrieve(key), smallBody)),
  ),
  axis('list', 'list the versions of a key', 'linear', (count) =>
    workload('list', count, Math.max(1, Math.floor(1000 / count)), (contender) => countAll(contender, count)),
  ),
];
