import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Contender } from '../contenders/contender.ts';
import { inFlight } from './in-flight.ts';
import { drainOf } from './same.ts';
import type { Setting, Workload, WorkloadSizes } from './workload.ts';

const atOnce = 16;
const prepared = 'tree/';

interface TreeFile {
  readonly path: string;
  readonly size: number;
}

/** The same mixed files every time: some empty, most small, a few of some MiB. */
function filesOf({ treeFiles }: WorkloadSizes): TreeFile[] {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: treeFiles }, (_, index) => {
    const folder = [Math.floor(random() * 8), Math.floor(random() * 6), Math.floor(random() * 4)]
      .slice(0, index % 4)
      .map((name) => `folder-${name}/`)
      .join('');
    return { path: `${folder}file-${index}.bin`, size: sizeOf(random(), random()) };
  });
}

function sizeOf(kind: number, part: number): number {
  if (kind < 0.02) return 0;
  if (kind < 0.6) return Math.ceil(part * 8 * 1024);
  if (kind < 0.9) return Math.ceil(part * 128 * 1024);
  return Math.ceil(part * (kind < 0.99 ? 1024 : 6 * 1024) * 1024);
}

function contentOf({ path, size }: TreeFile): Buffer {
  const bytes = Buffer.alloc(size);
  let state = createHash('sha256').update(path).digest().readInt32LE();
  for (let at = 0; at + 4 <= size; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes.writeInt32LE(state, at);
  }
  return bytes;
}

async function makeTree(scratch: string, sizes: WorkloadSizes): Promise<void> {
  for (const file of filesOf(sizes)) {
    const path = `${scratch}/tree/${file.path}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contentOf(file));
  }
}

async function saveTree(contender: Contender, prefix: string, { scratch, sizes }: Setting): Promise<void> {
  if (contender.saveTree !== undefined) {
    await contender.saveTree(`${scratch}/tree`, prefix);
    return;
  }
  const files = filesOf(sizes);
  await inFlight(atOnce, files.length, async (index) => {
    const { path } = files[index] as TreeFile;
    await contender.saveFile?.(`${prefix}${path}`, `${scratch}/tree/${path}`);
  });
}

async function retrieveTree(contender: Contender, target: string): Promise<void> {
  await mkdir(target);
  if (contender.retrieveTree !== undefined) {
    await contender.retrieveTree(prepared, target);
    return;
  }
  const keys: string[] = [];
  await contender.list?.(prepared, (key) => keys.push(key));
  const paths = keys.map((key) => `${target}/${key.slice(prepared.length)}`);
  for (const folder of new Set(paths.map(dirname))) await mkdir(folder, { recursive: true });
  await inFlight(atOnce, keys.length, async (index) => {
    await contender.retrieveToFile?.(keys[index] as string, paths[index] as string);
  });
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const common = { unit: 'files/s', showsMemory: true, isQuick: false, makeScratch: makeTree } as const;

/** A folder with mixed files, there and back. */
export const treeWorkloads: readonly Workload[] = [
  {
    ...common,
    id: 'tree-up',
    title: 'upload a tree of 2,000 mixed files, 16 at once',
    isPossible: ({ saveFile, saveTree }) => saveFile !== undefined || saveTree !== undefined,
    async run(contender, setting) {
      await saveTree(contender, `${setting.prefix}tree/`, setting);
      return { amount: setting.sizes.treeFiles };
    },
    async verify(_contender, witness, { prefix, sizes }) {
      const found = await witness.list?.(`${prefix}tree/`);
      if (found !== sizes.treeFiles) throw new Error(`${found} of ${sizes.treeFiles} files are there`);
      for (const file of filesOf(sizes)) {
        const hash = createHash('sha256');
        await drainOf(witness, `${prefix}tree/${file.path}`)((chunk) => hash.update(chunk));
        if (hash.digest('hex') !== digest(contentOf(file))) throw new Error(`${file.path} is not what was sent`);
      }
    },
  },
  {
    ...common,
    id: 'tree-down',
    title: 'download a tree of 2,000 mixed files, 16 at once',
    isPossible: (contender) =>
      contender.retrieveTree !== undefined || (contender.retrieveToFile !== undefined && contender.list !== undefined),
    prepare: (contender, setting) => saveTree(contender, prepared, setting),
    async run(contender, { scratch, sizes }) {
      await retrieveTree(contender, `${scratch}/target`);
      return { amount: sizes.treeFiles };
    },
    async verify(_contender, _witness, { scratch, sizes }) {
      const entries = readdirSync(`${scratch}/target`, { recursive: true, withFileTypes: true });
      const found = entries.filter((entry) => entry.isFile()).length;
      if (found !== sizes.treeFiles) throw new Error(`${found} of ${sizes.treeFiles} files are there`);
      for (const file of filesOf(sizes)) {
        const bytes = readFileSync(`${scratch}/target/${file.path}`);
        if (digest(bytes) !== digest(contentOf(file))) throw new Error(`${file.path} is not what was stored`);
      }
    },
  },
];
