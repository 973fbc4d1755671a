import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MiB = 1024 * 1024;
const size = process.env['STORAGE_TESTS_LONG'] === '1' ? 2048 * MiB : 256 * MiB;
const ceiling = 96 * MiB;

interface Measured {
  readonly size: number;
  readonly isSame: boolean;
  readonly aboveIdle: number;
}

test(`a stream of ${String(size / MiB)} MiB of unknown size takes at most 96 MiB above idle`, async () => {
  const basePath = await mkdtemp(join(tmpdir(), 'memory-ceiling-'));
  try {
    const child = join(import.meta.dirname, 'memory-ceiling.child.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...process.execArgv,
      child,
      basePath,
      String(size),
    ]);
    const measured = JSON.parse(stdout) as Measured;

    expect(measured).toMatchObject({ size, isSame: true });
    expect(measured.aboveIdle).toBeLessThanOrEqual(ceiling);
    console.log(`${String(size / MiB)} MiB: peak ${(measured.aboveIdle / MiB).toFixed(1)} MiB above idle`);
  } finally {
    await rm(basePath, { recursive: true });
  }
});
