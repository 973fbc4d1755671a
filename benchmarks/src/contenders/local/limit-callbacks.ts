import fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { LocalStore } from '../../services/store.ts';
import type { Contender } from '../contender.ts';
import { isMissing } from './is-missing.ts';

const blockBytes = 1024 * 1024;

/** The least that a program on the callback API of `node:fs` must do; large bodies in large blocks. */
export async function openLimitCallbacks({ folder }: LocalStore): Promise<Contender> {
  return open(folder, {
    async copy(from, to) {
      await copyFile(from, to);
    },
    seen: () => undefined,
  });
}

/** The same with the CRC-32 of every large body, as whoever stores or verifies one must compute it. */
export async function openLimitChecksum({ folder }: LocalStore): Promise<Contender> {
  let crc = 0;
  const seen = (bytes: Uint8Array): void => {
    crc = crc32(bytes, crc);
  };
  return open(folder, { copy: (from, to) => copyBlocks(from, to, seen), seen });
}

/** What is done with the bytes of a large body. */
interface Handling {
  copy(from: string, to: string): Promise<void>;
  seen(bytes: Uint8Array): void;
}

function open(folder: string, { copy, seen }: Handling): Contender {
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
        fs.readFile(`${folder}/${key}`, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
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
      await writeBlocks(temporary, source, seen);
      await replace(key, temporary);
    },
    async saveFile(key, source) {
      const temporary = temporaryPath();
      await copy(source, temporary);
      await replace(key, temporary);
    },
    async drain(key, handOut) {
      const fd = fs.openSync(`${folder}/${key}`, 'r');
      const block = Buffer.allocUnsafeSlow(blockBytes);
      for (let some = await read(fd, block); some !== 0; some = await read(fd, block)) {
        seen(block.subarray(0, some));
        handOut(block.subarray(0, some));
      }
      fs.closeSync(fd);
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

const copyFile = promisify(fs.copyFile);

/** Reads one block while the other is written. */
async function copyBlocks(from: string, to: string, seen: (bytes: Uint8Array) => void): Promise<void> {
  const fd = fs.openSync(from, 'r');
  await writeBlocks(to, blocksOf(fd), seen);
  fs.closeSync(fd);
}

async function* blocksOf(fd: number): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  for (let size = await read(fd, block); size !== 0; size = await read(fd, block)) yield block.subarray(0, size);
}

function read(fd: number, block: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, block, 0, block.byteLength, null, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}

/** Fills one block while the other is written. */
async function writeBlocks(
  path: string,
  source: AsyncIterable<Uint8Array>,
  seen: (bytes: Uint8Array) => void,
): Promise<void> {
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
    seen(chunk);
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
