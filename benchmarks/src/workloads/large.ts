import { createReadStream, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Contender } from '../contenders/contender.ts';
import { assertLarge, drainOf, largeBody } from './same.ts';
import type { Setting, Workload } from './workload.ts';

const prepared = 'large/file.bin';
const warming = 'large/warm.bin';

const common = { unit: 'MB/s', showsMemory: true } as const;

/** Stores the files that all read. */
async function prepare(contender: Contender, { sizes }: Setting): Promise<void> {
  await store(contender, warming, sizes.warmBytes);
  await store(contender, prepared, sizes.largeBytes);
}

async function store(contender: Contender, key: string, bytes: number): Promise<void> {
  const body = largeBody(bytes);
  if (contender.saveStream !== undefined) await contender.saveStream(key, body);
  else await contender.save(key, Buffer.concat(await body.toArray()));
}

function upload(id: string, title: string, how: 'saveStream' | 'saveSized' | 'saveFile', isQuick: boolean): Workload {
  async function send(contender: Contender, key: string, source: string, bytes: number): Promise<void> {
    if (how === 'saveFile') await contender.saveFile?.(key, source);
    else if (how === 'saveSized') await contender.saveSized?.(key, largeBody(bytes), bytes);
    else await contender.saveStream?.(key, largeBody(bytes));
  }

  return {
    ...common,
    id,
    title,
    isQuick,
    ...(how === 'saveFile' && {
      async makeScratch(scratch, { largeBytes, warmBytes }) {
        await writeFile(`${scratch}/source`, largeBody(largeBytes));
        await writeFile(`${scratch}/warm-source`, largeBody(warmBytes));
      },
    }),
    isPossible: (contender) => contender[how] !== undefined,
    warmUp: (contender, { prefix, scratch, sizes }) =>
      send(contender, `${prefix}warm.bin`, `${scratch}/warm-source`, sizes.warmBytes),
    async run(contender, { prefix, scratch, sizes: { largeBytes } }) {
      await send(contender, `${prefix}large.bin`, `${scratch}/source`, largeBytes);
      return { amount: largeBytes };
    },
    verify: (_contender, witness, { prefix, sizes }) =>
      assertLarge(drainOf(witness, `${prefix}large.bin`), sizes.largeBytes),
  };
}

/** One large file each way, as a stream and as a file on disk. */
export const largeWorkloads: readonly Workload[] = [
  upload('upload-sized', 'upload, from a stream of known length', 'saveSized', false),
  upload('upload-stream', 'upload, from a stream of unknown length', 'saveStream', true),
  upload('upload-file', 'upload, from a file', 'saveFile', false),
  {
    ...common,
    id: 'download-stream',
    title: 'download, drained as a stream',
    isQuick: true,
    isPossible: ({ drain }) => drain !== undefined,
    prepare,
    warmUp: async (contender) => contender.drain?.(warming, () => undefined),
    async run(contender, { sizes: { largeBytes } }) {
      let bytes = 0;
      await contender.drain?.(prepared, (chunk) => {
        bytes += chunk.byteLength;
      });
      if (bytes !== largeBytes) throw new Error(`read ${bytes} bytes`);
      return { amount: largeBytes };
    },
    // A second time: a digest inside the clock would be most of what is measured.
    verify: (contender, _witness, { sizes }) => assertLarge(drainOf(contender, prepared), sizes.largeBytes),
  },
  {
    ...common,
    id: 'download-file',
    title: 'download, to a file',
    isQuick: false,
    isPossible: ({ retrieveToFile }) => retrieveToFile !== undefined,
    prepare,
    warmUp: async (contender, { scratch }) => contender.retrieveToFile?.(warming, `${scratch}/warm`),
    async run(contender, { scratch, sizes: { largeBytes } }) {
      await contender.retrieveToFile?.(prepared, `${scratch}/target`);
      const { size } = statSync(`${scratch}/target`);
      if (size !== largeBytes) throw new Error(`the file has ${size} bytes`);
      return { amount: largeBytes };
    },
    verify: (_contender, _witness, { scratch, sizes }) =>
      assertLarge(async (seen) => {
        for await (const chunk of createReadStream(`${scratch}/target`)) seen(chunk as Buffer);
      }, sizes.largeBytes),
  },
];
