import { fork } from 'node:child_process';
import type { StorageBackend } from '@storage/core';

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

/**
 * What the script of a harness's `childScript` calls: does the tasks that the suite sends, on a backend over the store
 * of the harness, and tells how much memory the process needed.
 *
 * @example
 * answerMeasurements(() => new LocalBackend({ basePath: process.env.TEST_ROOT }));
 */
export function answerMeasurements(make: () => StorageBackend | Promise<StorageBackend>): void {
  process.on('message', (task: MeasureTask) => {
    perform(make, task).then(
      (measured) => process.send?.(measured),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

async function perform(make: () => StorageBackend | Promise<StorageBackend>, task: MeasureTask): Promise<Measured> {
  const backend = await make();
  const { key, size } = task;
  // What is loaded at first use is not what a large body costs.
  await backend.save(key, chunks(chunkSize));
  await (await backend.retrieve(key)).bytes();
  if (task.kind === 'download') return measureApart(backend, key, size);
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  await backend.save(key, chunks(size));
  const peak = peakMemory();
  const info = await backend.getMetadata(key);
  if (info?.size !== size) throw new Error(`${size} bytes were sent, ${String(info?.size)} are there`);
  await backend.close();
  return { idle, peak };
}

/** Reads slowly what another process has stored; here only the reading counts. */
async function measureApart(backend: StorageBackend, key: string, size: number): Promise<Measured> {
  const source = `${key}-source`;
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  let read = 0;
  let count = 0;
  for await (const chunk of await backend.retrieve(source)) {
    read += chunk.byteLength;
    count += 1;
    if (count % 64 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const peak = peakMemory();
  if (read !== size) throw new Error(`${size} bytes are there, ${read} were read`);
  await backend.close();
  return { idle, peak };
}

/** The high-water mark of the operating system, which misses nothing between two samples. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** A body of unknown size in chunks of their own, as a file or a socket gives them. */
export async function* chunks(size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let left = size; left > 0; left -= chunkSize) {
    const chunk = new Uint8Array(Math.min(chunkSize, left));
    chunk.fill(left % 251);
    yield chunk;
  }
}
