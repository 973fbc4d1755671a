import fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from './contender.ts';
import { isMissing } from './is-missing.ts';

const blockBytes = 1024 * 1024;

/** The least that a program on the callback API of `node:fs` must do; large bodies in large blocks. */
export async function openLimitCallbacks(folder: string): Promise<Contender> {
  let count = 0;

  function replace(key: string, temporary: string): Promise<void> {
    const path = `${folder}/${key}`;
    return new Promise((resolve, reject) => {
      fs.rename(temporary, path, (error) => {
        if (error === null) resolve();
        else if (!isMissing(error)) reject(error);
        else {
          fs.mkdir(dirname(path), { recursive: true }, () => {
            fs.rename(temporary, path, (again) => (again === null ? resolve() : reject(again)));
          });
        }
      });
    });
  }

  function temporaryPath(): string {
    count += 1;
    return `${folder}/${count}.tmp`;
  }

  return {
    async save(key, bytes) {
      const temporary = temporaryPath();
      await new Promise<void>((resolve, reject) => {
        fs.writeFile(temporary, bytes, { flag: 'wx' }, (error) => (error === null ? resolve() : reject(error)));
      });
      await replace(key, temporary);
    },
    retrieve: (key) =>
      new Promise((resolve, reject) => {
        fs.readFile(`${folder}/${key}`, (error, bytes) => (error === null ? resolve(bytes.byteLength) : reject(error)));
      }),
    exists: (key) =>
      new Promise((resolve, reject) => {
        fs.lstat(`${folder}/${key}`, (error, stats) => {
          if (error === null) resolve(stats.isFile());
          else if (isMissing(error)) resolve(false);
          else reject(error);
        });
      }),
    delete: (key) =>
      new Promise<void>((resolve, reject) => {
        fs.unlink(`${folder}/${key}`, (error) => (error === null ? resolve() : reject(error)));
      }),
    async saveStream(key, source) {
      const temporary = temporaryPath();
      await writeBlocks(temporary, source);
      await replace(key, temporary);
    },
    async saveFile(key, source) {
      const temporary = temporaryPath();
      await copy(source, temporary);
      await replace(key, temporary);
    },
    async drain(key) {
      const fd = fs.openSync(`${folder}/${key}`, 'r');
      const block = Buffer.allocUnsafeSlow(blockBytes);
      let bytes = 0;
      for (let some = -1; some !== 0; bytes += some) some = await read(fd, block);
      fs.closeSync(fd);
      return bytes;
    },
    async retrieveToFile(key, path) {
      await copy(`${folder}/${key}`, `${path}.tmp`);
      fs.renameSync(`${path}.tmp`, path);
    },
    async list(prefix) {
      return (await filesBelow(`${folder}/${prefix}`)).length;
    },
  };
}

const copy = promisify(fs.copyFile);

function read(fd: number, block: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, block, 0, block.byteLength, null, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}

/** Fills one block while the other is written. */
async function writeBlocks(path: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const fd = fs.openSync(path, 'wx');
  let [filling, other] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
  let filled = 0;
  let writing: Promise<unknown> = Promise.resolve();

  async function flush(): Promise<void> {
    await writing;
    const block = filling.subarray(0, filled);
    writing = new Promise<void>((resolve, reject) => {
      fs.write(fd, block, (error) => (error === null ? resolve() : reject(error)));
    });
    [filling, other] = [other, filling];
    filled = 0;
  }

  for await (const chunk of source) {
    if (filled + chunk.byteLength > blockBytes) await flush();
    filling.set(chunk, filled);
    filled += chunk.byteLength;
  }
  await flush();
  await writing;
  fs.closeSync(fd);
}

interface Found {
  readonly path: string;
  readonly size: number;
  readonly mtime: Date;
}

const statsAtOnce = 16;

async function filesBelow(folder: string): Promise<Found[]> {
  const entries = await promisify(fs.readdir)(folder, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`);
  const found = await statAll(paths);
  for (const entry of entries) {
    if (entry.isDirectory()) found.push(...(await filesBelow(`${folder}/${entry.name}`)));
  }
  return found;
}

function statAll(paths: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  let next = 0;
  return new Promise((resolve, reject) => {
    let left = paths.length;
    if (left === 0) resolve(found);
    function step(): void {
      const path = paths[next++];
      if (path === undefined) return;
      fs.lstat(path, (error, stats) => {
        if (error !== null) {
          reject(error);
          return;
        }
        found.push({ path, size: stats.size, mtime: stats.mtime });
        left -= 1;
        if (left === 0) resolve(found);
        else step();
      });
    }
    for (let n = 0; n < statsAtOnce; n++) step();
  });
}
