import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { isMissing } from './is-missing.ts';

/** The least that a program on `fs.promises` must do: a temporary file and a rename, no fsync, nothing checked. */
export async function openLimitPromises({ folder }: LocalStore): Promise<Contender> {
  let count = 0;

  async function replace(key: string, write: (path: string) => Promise<unknown>): Promise<void> {
    const path = `${folder}/${key}`;
    count += 1;
    const temporary = `${folder}/${count}.tmp`;
    await write(temporary);
    try {
      await rename(temporary, path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
    }
  }

  return {
    save: (key, bytes) => replace(key, (path) => writeFile(path, bytes, { flag: 'wx' })),
    retrieve: (key) => readFile(`${folder}/${key}`),
    async exists(key) {
      try {
        return (await lstat(`${folder}/${key}`)).isFile();
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    delete: (key) => unlink(`${folder}/${key}`),
    saveStream: (key, source) => replace(key, (path) => pipeline(source, createWriteStream(path))),
    saveFile: (key, source) => replace(key, (path) => pipeline(createReadStream(source), createWriteStream(path))),
    async drain(key, seen) {
      for await (const chunk of createReadStream(`${folder}/${key}`)) seen(chunk as Buffer);
    },
    async retrieveToFile(key, path) {
      await pipeline(createReadStream(`${folder}/${key}`), createWriteStream(`${path}.tmp`));
      await rename(`${path}.tmp`, path);
    },
    async list(prefix) {
      const entries = await readdir(`${folder}/${prefix}`, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const found = await Promise.all(
        files.map(async ({ parentPath, name }) => {
          const { size, mtime } = await lstat(`${parentPath}/${name}`);
          return { name, size, mtime };
        }),
      );
      return found.length;
    },
  };
}
