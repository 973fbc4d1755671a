import { assertSame, smallBody } from './same.ts';
import type { Workload } from './workload.ts';

export const coldStart: Workload = {
  id: 'cold-start',
  title: 'cold start: import, create, put 4 KiB',
  unit: 'ms',
  showsMemory: true,
  isQuick: true,
  isCold: true,
  isPossible: () => true,
  async run(contender, { prefix }) {
    await contender.save(`${prefix}cold.bin`, smallBody);
    return { amount: 1 };
  },
  verify: async (_contender, witness, { prefix }) => assertSame(await witness.retrieve(`${prefix}cold.bin`), smallBody),
};
