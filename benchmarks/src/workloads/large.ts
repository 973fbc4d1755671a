import { createReadStream, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Contender } from '../contenders/contender.ts';
import { assertLarge, drainOf, largeBody } from './same.ts';
import type { Setting, Workload } from './workload.ts';

const prepared = 'large/file.bin';

const common = { unit: 'MB/s', showsMemory: true } as const;

/** Stores the file that all read. */
async function prepare(contender: Contender, { sizes }: Setting): Promise<void> {
  const body = largeBody(sizes.largeBytes);
  if (contender.saveStream !== undefined) await contender.saveStream(prepared, body);
  else await contender.save(prepared, Buffer.concat(await body.toArray()));
}

function upload(id: string, title: string, how: 'saveStream' | 'saveSized' | 'saveFile', isQuick: boolean): Workload {
  return {
    ...common,
    id,
    title,
    isQuick,
    ...(how === 'saveFile' && {
      makeScratch: (scratch, { largeBytes }) => writeFile(`${scratch}/source`, largeBody(largeBytes)),
    }),
    isPossible: (contender) => contender[how] !== undefined,
    warmUp: (contender, { prefix }) => contender.save(`${prefix}warm.bin`, Buffer.from('warm')),
    async run(contender, { prefix, scratch, sizes: { largeBytes } }) {
      const key = `${prefix}large.bin`;
      if (how === 'saveFile') await contender.saveFile?.(key, `${scratch}/source`);
      else if (how === 'saveSized') await contender.saveSized?.(key, largeBody(largeBytes), largeBytes);
      else await contender.saveStream?.(key, largeBody(largeBytes));
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
