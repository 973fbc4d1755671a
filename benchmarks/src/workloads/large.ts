import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Workload } from './workload.ts';

const chunkBytes = 64 * 1024;
const key = 'large/file.bin';

/** One large file, as a stream and as a file on disk. */
export const largeWorkloads: readonly Workload[] = [
  {
    id: 'save-stream',
    title: 'save, from a stream of unknown length',
    unit: 'MB/s',
    showsMemory: true,
    isPossible: ({ saveStream }) => saveStream !== undefined,
    warmUp: (contender) => contender.saveStream?.('warm/file.bin', stream(1024 * 1024)) as Promise<void>,
    async run(contender, _place, { largeBytes }) {
      await contender.saveStream?.(key, stream(largeBytes));
      return { amount: largeBytes };
    },
  },
  {
    id: 'save-file',
    title: 'save, from a file',
    unit: 'MB/s',
    showsMemory: true,
    isPossible: ({ saveFile }) => saveFile !== undefined,
    async run(contender, { scratch }, { largeBytes }) {
      await contender.saveFile?.(key, `${scratch}/source`);
      return { amount: largeBytes };
    },
  },
  {
    id: 'retrieve-stream',
    title: 'retrieve, drained as a stream',
    unit: 'MB/s',
    showsMemory: true,
    isPossible: ({ saveStream, drain }) => saveStream !== undefined && drain !== undefined,
    prepare: (contender, _place, { largeBytes }) => contender.saveStream?.(key, stream(largeBytes)) as Promise<void>,
    async run(contender, _place, { largeBytes }) {
      const bytes = await contender.drain?.(key);
      if (bytes !== largeBytes) throw new Error(`read ${bytes} bytes`);
      return { amount: largeBytes };
    },
  },
  {
    id: 'retrieve-file',
    title: 'retrieve, to a file',
    unit: 'MB/s',
    showsMemory: true,
    isPossible: ({ saveStream, retrieveToFile }) => saveStream !== undefined && retrieveToFile !== undefined,
    prepare: (contender, _place, { largeBytes }) => contender.saveStream?.(key, stream(largeBytes)) as Promise<void>,
    async run(contender, { scratch }, { largeBytes }) {
      await contender.retrieveToFile?.(key, `${scratch}/target`);
      const { size } = statSync(`${scratch}/target`);
      if (size !== largeBytes) throw new Error(`the file has ${size} bytes`);
      return { amount: largeBytes };
    },
  },
];

function stream(bytes: number): Readable {
  const chunk = randomBytes(chunkBytes);
  let left = bytes;
  return new Readable({
    read() {
      if (left > 0) this.push(chunk);
      else this.push(null);
      left -= chunkBytes;
    },
  });
}
