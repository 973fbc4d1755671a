import type { FileHandle } from 'node:fs/promises';
import type { Call } from '../call.ts';
import type { ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { DownloadBody } from './download-body.ts';
import { fetchSpan } from './fetch-span.ts';
import type { FileBody } from './file-body.ts';
import { createFileWriter } from './file-writer.ts';
import { localFileFault } from './local-file-fault.ts';
import type { PartGrid } from './part-grid.ts';
import { type ProgressMeter, silentMeter } from './progress-meter.ts';
import { SpanReader } from './span-reader.ts';

/** A first part that is waited for longer shows a connection that does not fill the line, in milliseconds. */
const slowPartMs = 100;

/** A download to disk at work. */
export interface DownloadJob {
  /** Which object, pinned to what was found first. */
  readonly pinned: { readonly key: string; readonly versionId?: string; readonly info: ObjectInfo };
  readonly path: string;
  readonly file: FileHandle;
  readonly grid: PartGrid;
  readonly progress: ProgressMeter;
  /** Most lanes. */
  readonly concurrency: number;
  /** Whether lanes are added only when the first one is slow. */
  readonly isAdaptive: boolean;
  /** Called when a part is complete. */
  readonly onPart: () => Promise<void>;
}

/** The lanes of a download: one may read the whole object as a stream, the others read ranges of it. */
export class DownloadLanes {
  readonly #call: Call;
  readonly #job: DownloadJob;
  readonly #bodies = new Set<FileBody>();
  #lanes: Promise<void>[] = [];
  #failed = false;
  #writtenBytes: number;
  #streamedParts = 0;

  constructor(call: Call, job: DownloadJob) {
    this.#call = call;
    this.#job = job;
    this.#writtenBytes = job.grid.doneBytes;
  }

  /** Whether one stream carried the whole object, which it verified then. */
  get isVerified(): boolean {
    return this.#streamedParts === this.#job.grid.count;
  }

  /** Resolves when every part is written. `whole` is a body of the whole object, where there is one already. */
  async run(whole: FileBody | undefined): Promise<void> {
    const { concurrency, isAdaptive } = this.#job;
    if (whole !== undefined) this.#start(this.#readStream(whole));
    if (whole === undefined) this.#addLanes(concurrency);
    else if (!isAdaptive) this.#addLanes(concurrency - 1);
    try {
      while (this.#lanes.length > 0) await Promise.all(this.#lanes.splice(0));
    } catch (error) {
      this.#failed = true;
      await Promise.all([...this.#bodies].map((body) => body.cancel()));
      throw error;
    }
  }

  #start(lane: Promise<void>): void {
    // Awaited by `run`, perhaps after another one has failed.
    lane.catch(() => undefined);
    this.#lanes.push(lane);
  }

  #addLanes(count: number): void {
    const lanes = Math.min(count, this.#job.grid.left);
    for (let lane = 0; lane < lanes; lane++) this.#start(this.#readRanges());
  }

  /** Reads from the start, until it meets a part that another lane has taken. */
  async #readStream(body: FileBody): Promise<void> {
    const { grid, isAdaptive, concurrency } = this.#job;
    const reader = new SpanReader(body);
    await this.#holding(body, async () => {
      for (let part = 0; grid.take(part) && !this.#failed; part++) {
        const waitedMs = await this.#write(part, reader);
        this.#streamedParts += 1;
        if (part === 0 && isAdaptive && waitedMs > slowPartMs) this.#addLanes(concurrency - 1);
      }
    });
  }

  async #readRanges(): Promise<void> {
    const { grid } = this.#job;
    for (let part = grid.takeLast(); part !== undefined && !this.#failed; part = grid.takeLast()) {
      const taken = part;
      const body = await this.#open(taken);
      await this.#holding(body, async () => {
        if (!this.#failed) await this.#write(taken, new SpanReader(body));
      });
    }
  }

  async #open(part: number): Promise<FileBody> {
    const { grid, pinned } = this.#job;
    const span = { start: grid.startOf(part), end: grid.endOf(part) };
    const bytes = await fetchSpan(this.#call, pinned, span);
    const origin = { ...pinned, span, checksum: undefined, progress: silentMeter, onOver: () => undefined };
    return new DownloadBody(this.#call, origin, bytes);
  }

  async #holding(body: FileBody, work: () => Promise<unknown>): Promise<void> {
    this.#bodies.add(body);
    try {
      await work();
    } finally {
      this.#bodies.delete(body);
      await body.cancel();
    }
  }

  /** Resolves with how long the service was waited for, in milliseconds; a slow disk is not helped by more lanes. */
  async #write(part: number, reader: SpanReader): Promise<number> {
    const { grid, file, path, progress, onPart } = this.#job;
    let left = grid.endOf(part) - grid.startOf(part);
    const writer = createFileWriter(file, grid.startOf(part), left);
    let waitedMs = 0;
    try {
      while (left > 0) {
        const askedAt = performance.now();
        const chunk = await reader.take(left, writer.target());
        waitedMs += performance.now() - askedAt;
        if (chunk === undefined) throw new DriverFault('LengthMismatch', `the body ended ${left} bytes early`);
        left -= chunk.byteLength;
        await writer.push(chunk);
        this.#writtenBytes += chunk.byteLength;
        progress.report(this.#writtenBytes);
      }
      await writer.end();
    } catch (error) {
      throw isStorageError(error) || error instanceof DriverFault ? error : localFileFault('write', path, error);
    } finally {
      await writer.close();
    }
    grid.finish(part);
    await onPart();
    return waitedMs;
  }
}
