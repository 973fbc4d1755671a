import type { Contender } from '../contenders/contender.ts';
import { assertLarge, drainOf, largeBody } from '../workloads/same.ts';
import { type Axis, common, type Point } from './axis.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const sizes = [KiB, 16 * KiB, 256 * KiB, 4 * MiB, 64 * MiB, GiB, 10 * GiB];

/** So often that it can be timed, one after another. */
function timesOf(size: number): number {
  return Math.max(1, Math.min(300, Math.floor((64 * MiB) / size)));
}

function upOf(size: number): Point {
  const times = timesOf(size);
  const save = (contender: Contender, key: string): Promise<unknown> | undefined =>
    contender.saveStream?.(key, largeBody(size));
  return {
    x: size,
    workload: {
      ...common,
      id: `size-up-${size}`,
      title: `upload a stream of ${size} bytes`,
      ...(size >= GiB && { maxRounds: 1 }),
      isPossible: ({ saveStream }) => saveStream !== undefined,
      warmUp: async (contender, { prefix }) => {
        if (size < MiB) for (let n = 0; n < 50; n++) await save(contender, `${prefix}warm.bin`);
        else await contender.saveStream?.(`${prefix}warm.bin`, largeBody(MiB));
      },
      async run(contender, { prefix }) {
        for (let n = 0; n < times; n++) await save(contender, `${prefix}body.bin`);
        return { amount: times };
      },
      async verify(_contender, witness, { prefix }) {
        await assertLarge(drainOf(witness, `${prefix}body.bin`), size);
        // The largest would fill the disk.
        await witness.delete(`${prefix}body.bin`);
      },
    },
  };
}

function downOf(size: number): Point {
  const times = timesOf(size);
  async function read(contender: Contender): Promise<void> {
    let bytes = 0;
    await contender.drain?.('body.bin', (chunk) => {
      bytes += chunk.byteLength;
    });
    if (bytes !== size) throw new Error(`read ${bytes} of ${size} bytes`);
  }
  return {
    x: size,
    workload: {
      ...common,
      id: `size-down-${size}`,
      title: `drain a file of ${size} bytes`,
      ...(size >= GiB && { maxRounds: 1 }),
      isPossible: ({ drain }) => drain !== undefined,
      prepare: async (contender) => contender.saveStream?.('body.bin', largeBody(size)),
      warmUp: async (contender) => {
        if (size < MiB) for (let n = 0; n < 50; n++) await read(contender);
        else await contender.exists('body.bin');
      },
      async run(contender) {
        for (let n = 0; n < times; n++) await read(contender);
        return { amount: times };
      },
      verify: (contender) => assertLarge(drainOf(contender, 'body.bin'), size),
    },
  };
}

const contenders = ['limit', 'ours', 'client-s3'];

export const sizeAxes: readonly Axis[] = [
  {
    id: 'size-up',
    title: 'upload, a stream of unknown length',
    service: 's3',
    of: 'bytes',
    expects: 'linear',
    contenders,
    points: sizes.map(upOf),
  },
  {
    id: 'size-down',
    title: 'download, drained as a stream',
    service: 's3',
    of: 'bytes',
    expects: 'linear',
    contenders,
    points: sizes.map(downOf),
  },
];
