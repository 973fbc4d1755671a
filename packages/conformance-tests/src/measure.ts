import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { StorageBackend } from '@storage/core';
import { pause } from './timing.ts';

/** What a process of its own is asked to do with a body of so many bytes. */
export interface MeasureTask {
  readonly kind: 'upload' | 'download';
  readonly key: string;
  readonly size: number;
}

/** Bytes of memory of that process. */
export interface Measured {
  /** Before the task, with the backend loaded and used. */
  readonly idle: number;
  /** The most that it has had at any time. */
  readonly peak: number;
}

const chunkSize = 64 * 1024;

/**
 * Runs a task in a process of its own, started from a script that calls `answerMeasurements`; resolves to its memory.
 * Rejects when the task fails there.
 */
export function measureInChild(script: string | URL, task: MeasureTask): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [], { execArgv: [...process.execArgv, '--expose-gc'] });
    child.once('message', (message: Measured | { readonly error: string }) => {
      child.kill();
      if ('error' in message) reject(new Error(`in the child: ${message.error}`));
      else resolve(message);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the child ended with ${String(code)} before it had an answer`)));
    child.send(task);
  });
}

/** Gives the instance that a measurement uses, over the store of the harness. */
export type MakeMeasured = (task: MeasureTask) => StorageBackend | Promise<StorageBackend>;

/**
 * What the script of a harness's `childScript` calls: does the tasks that the suite sends, and tells how much memory
 * the process needed.
 *
 * @example
 * answerMeasurements(() => new LocalBackend({ basePath: process.env.TEST_ROOT }));
 */
export function answerMeasurements(make: MakeMeasured): void {
  process.on('message', (task: MeasureTask) => {
    perform(make, task).then(
      (measured) => process.send?.(measured),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

async function perform(make: MakeMeasured, task: MeasureTask): Promise<Measured> {
  const backend = await make(task);
  // What is loaded at first use is not what a large body costs.
  const warm = `${task.key}-warm`;
  await backend.save(warm, refilled(chunkSize));
  await (await backend.retrieve(warm)).bytes();
  await backend.delete(warm);
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  await (task.kind === 'upload' ? upload(backend, task) : readSlowly(backend, task));
  const peak = peakMemory();
  await backend.close();
  return { idle, peak };
}

async function upload(backend: StorageBackend, { key, size }: MeasureTask): Promise<void> {
  const saved = await backend.save(key, refilled(size));
  if (saved.size !== size) throw new Error(`${size} bytes were sent, ${saved.size} are there`);
}

async function readSlowly(backend: StorageBackend, { key, size }: MeasureTask): Promise<void> {
  let read = 0;
  let count = 0;
  for await (const chunk of await backend.retrieve(key)) {
    read += chunk.byteLength;
    count += 1;
    if (count % 64 === 0) await pause(2);
    // What was read and let go of is not held, however long the collector takes over it.
    if (count % 256 === 0) globalThis.gc?.();
  }
  if (read !== size) throw new Error(`${size} bytes are there, ${read} were read`);
}

/** The high-water mark of the operating system, which misses nothing between two samples. */
function peakMemory(): number {
  // Linux hands `maxRSS` down from the process that started this one; its own mark begins anew.
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(ownStatus())?.[1];
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) * 1024;
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    // Only Linux has /proc.
    return '';
  }
}

/** A body of unknown size in chunks of their own. */
export async function* chunks(size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let left = size; left > 0; left -= chunkSize) yield new Uint8Array(Math.min(chunkSize, left));
}

/** The same from one buffer, filled again for each chunk: what a source leaves to be collected is not measured. */
async function* refilled(size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(chunkSize);
  for (let left = size; left > 0; left -= chunkSize) yield buffer.fill(left % 251).subarray(0, left);
}
