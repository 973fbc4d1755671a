import { inFlight } from './in-flight.ts';
import type { Workload } from './workload.ts';

const body = Buffer.from('one of many');

function listing(
  id: string,
  title: string,
  folders: number,
  filesEach: number,
  more: Partial<Workload> = {},
): Workload {
  const files = folders * filesEach;
  return {
    id,
    title,
    unit: 'files/s',
    showsMemory: true,
    isQuick: files <= 10_000,
    isPossible: ({ list }) => list !== undefined,
    prepare: (contender) =>
      inFlight(64, files, (index) =>
        contender.save(`many/${index % folders}/file-${String(index).padStart(6, '0')}.txt`, body),
      ),
    // One folder, so that no module is loaded inside the clock.
    warmUp: async (contender) => contender.list?.('many/0/'),
    async run(contender) {
      const found = await contender.list?.('many/');
      if (found !== files) throw new Error(`listed ${found} of ${files} files`);
      return { amount: files };
    },
    ...more,
  };
}

export const listWorkloads: readonly Workload[] = [
  listing('list-10000', 'list 10,000 files in 10 folders', 10, 1000),
  listing('list-100000', 'list 100,000 files in one folder', 1, 100_000, {
    only: ['limit-promises', 'limit-callbacks', 'limit-sync', 'ours', 'ours-no-versions'],
  }),
  listing('list-1000000', 'list 1,000,000 files in 1,000 folders', 1000, 1000, {
    only: ['limit', 'ours', 'client-s3', 'minio-js', 'opendal', 's3mini'],
    // Ours would take twice the time, and a listing shows no difference.
    preparedBy: 'limit',
    maxRounds: 3,
  }),
];
