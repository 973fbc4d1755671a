import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small file system of its own, in memory. */
export interface Tmpfs {
  readonly folder: string;
  /** Nothing can be written from now on, not even by root. */
  makeReadOnly(): Promise<void>;
  unmount(): Promise<void>;
}

/**
 * Mounts a file system of `mebibytes` MiB, or tells in one visible line why this machine does not. Where it could, it has
 * to: under `STORAGE_TESTS_STRICT=1` a refused mount fails on Linux as root.
 */
export async function mountTmpfs(what: string, mebibytes: number): Promise<Tmpfs | { readonly skipped: string }> {
  if (process.platform !== 'linux') return skip(what, `only Linux mounts a tmpfs, this is ${process.platform}`);
  if (process.getuid?.() !== 0) return skip(what, 'only root may mount a tmpfs');
  const folder = await mkdtemp(join(tmpdir(), 'tmpfs-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${String(mebibytes)}m`, 'tmpfs', folder]);
  } catch (error) {
    await rmdir(folder);
    if (process.env['STORAGE_TESTS_STRICT'] === '1') throw error;
    return skip(what, (error as Error).message.trim());
  }
  return {
    folder,
    async makeReadOnly() {
      await run('mount', ['-o', 'remount,ro', folder]);
    },
    async unmount() {
      await run('umount', [folder]);
      await rmdir(folder);
    },
  };
}

function skip(what: string, reason: string): { readonly skipped: string } {
  process.stderr.write(`SKIPPED ${what}: ${reason}.\n`);
  return { skipped: reason };
}
