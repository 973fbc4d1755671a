import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import type { ContenderInfo } from '../contenders/contender.ts';
import { localContenders } from '../contenders/local/index.ts';
import type { Service } from './service.ts';
import type { LocalStore, Store } from './store.ts';

const tmpfs = 0x01021994;

export const local: Service = {
  id: 'local',
  title: 'Local disk',
  facts: ['keeps', 'a write is', 'a listing tells'],
  contenders: localContenders as readonly ContenderInfo[],
  // The limit is what asynchronous calls alone can do: a library that blocked the event loop would not be one.
  limits: ['limit-promises', 'limit-callbacks'],
  without: [
    'overwrite-64',
    'put-64',
    'get-64',
    'head-64',
    'delete-64',
    'upload-sized',
    'cold-start',
    'list-1000000',
    'tree-up',
    'tree-down',
  ],
  // Each stores its own 10,000 files first, some of them 400 a second.
  notQuick: ['list-10000'],
  notes: [
    '**The limit** of a row is the faster of the two asynchronous `node:fs` programs. They check nothing, keep nothing and lock nothing.',
    "Nobody here waits for the disk (`fsync`); ours is at its default, `durability: 'process'`.",
    '',
    'Ours computes a CRC-32 of all it writes and verifies it on whole reads: *node:fs, callbacks, CRC-32* is what large bodies cost at least with that.',
  ],
  start: (folder) => {
    const base = `${folder}/storage-bench-${process.pid}`;
    const remove = (path: string): Promise<void> => {
      rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    };
    return Promise.resolve({
      described: statfsSync(folder).type === tmpfs ? 'files on tmpfs (memory)' : `files on the disk of ${folder}`,
      makeStore: (name) => {
        const store: LocalStore = { folder: `${base}/${name}` };
        mkdirSync(store.folder, { recursive: true });
        return Promise.resolve(store);
      },
      removeStore: (store: Store) => remove((store as LocalStore).folder),
      stop: () => remove(base),
    });
  },
};
