import fs from 'node:fs';
import { dirname } from 'node:path';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { isMissing } from './is-missing.ts';

/**
 * The same calls, each made at once: no thread is asked. It blocks the event loop for as long as the disk takes, so it is
 * no limit for a library to be measured by; but it shows what those calls cost in themselves.
 */
export async function openLimitSync({ folder }: LocalStore): Promise<Contender> {
  let count = 0;
  return {
    async save(key, bytes) {
      const path = `${folder}/${key}`;
      count += 1;
      const temporary = `${folder}/${count}.tmp`;
      fs.writeFileSync(temporary, bytes, { flag: 'wx' });
      try {
        fs.renameSync(temporary, path);
      } catch (error) {
        if (!isMissing(error)) throw error;
        fs.mkdirSync(dirname(path), { recursive: true });
        fs.renameSync(temporary, path);
      }
    },
    retrieve: async (key) => fs.readFileSync(`${folder}/${key}`),
    exists: async (key) => fs.lstatSync(`${folder}/${key}`, { throwIfNoEntry: false })?.isFile() === true,
    delete: async (key) => fs.unlinkSync(`${folder}/${key}`),
    async list(prefix) {
      const entries = fs.readdirSync(`${folder}/${prefix}`, { recursive: true, withFileTypes: true });
      const found = entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => {
          const { size, mtime } = fs.lstatSync(`${parentPath}/${name}`);
          return { name, size, mtime };
        });
      return found.length;
    },
  };
}
