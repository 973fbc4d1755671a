import type { Call } from '../call.ts';
import type { MultipartMember, ObjectAttributes, PartReceipt, PutResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { abortUpload, pause } from './abort-upload.ts';
import { counted } from './attempt-body.ts';
import { completeUpload } from './complete-upload.ts';
import type { Part, PartFeed } from './part-feed.ts';
import type { PartLane } from './part-lane.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { UploadRequest } from './upload-request.ts';

/** How long parts that were stopped may take to settle before the upload is aborted, in milliseconds. */
const settleMs = 2_000;
/** How long a call that failed, or that its caller gave up, waits for the parts to be freed; that goes on afterwards. */
const freeMs = { failed: 5_000, givenUp: 1_000 };

/** An upload in parts. */
export interface PartsJob {
  readonly request: Omit<UploadRequest, 'source' | 'attributes'>;
  readonly attributes: ObjectAttributes & { readonly token: string };
  readonly multipart: MultipartMember;
  readonly feed: PartFeed;
  readonly lanes: readonly PartLane[];
  readonly progress: ProgressMeter;
  /** Aborts the feed and the parts on their way when one of them fails. */
  readonly stop: AbortController;
  /** A session that was begun before, with the parts that are there. */
  readonly begun?: { readonly uploadId: string; readonly parts: readonly PartReceipt[] };
  /** Called when the session is open. */
  readonly onOpen?: (uploadId: string) => void;
  /** Checked when all parts are there, before they become visible. */
  readonly beforeComplete?: () => Promise<void>;
  /** Whether the parts stay after this error, for an upload that goes on later. @default never */
  readonly keepAfter?: (error: unknown) => boolean;
}

/** Sends all parts and makes one object of them. A failure frees the parts; the first error surfaces. */
export async function uploadInParts(call: Call, job: PartsJob): Promise<PutResponse> {
  const { key } = job.request;
  const uploadId = job.begun?.uploadId ?? (await openUpload(call, job));
  const run = new PartsRun(call, job, uploadId);
  try {
    job.onOpen?.(uploadId);
    const parts = await run.sendAll();
    await job.beforeComplete?.();
    const { attributes, multipart, request } = job;
    return await completeUpload(call, multipart, { key, uploadId, parts, attributes, condition: request.condition });
  } catch (error) {
    job.stop.abort(stopped());
    const freed = run
      .settled()
      .then(() => (job.keepAfter?.(error) === true ? undefined : abortUpload(call, { key, uploadId })));
    await Promise.race([freed, pause(call.signal.aborted ? freeMs.givenUp : freeMs.failed)]);
    throw error;
  }
}

async function openUpload(call: Call, { request, attributes, multipart }: PartsJob): Promise<string> {
  const { key, integrity, native } = request;
  const create = { key, attributes, integrity, ...(native === undefined ? {} : { native }) };
  const { uploadId } = await call.request({ effect: 'write', run: (context) => multipart.create(create, context) });
  return uploadId;
}

/** The lanes of one upload at work. */
class PartsRun {
  readonly #call: Call;
  readonly #job: PartsJob;
  readonly #uploadId: string;
  readonly #attempts = new Set<Promise<unknown>>();
  readonly #receipts = new Map<number, PartReceipt>();
  readonly #sending = new Map<number, number>();
  #doneBytes = 0;

  constructor(call: Call, job: PartsJob, uploadId: string) {
    this.#call = call;
    this.#job = job;
    this.#uploadId = uploadId;
    for (const receipt of job.begun?.parts ?? []) this.#keep(receipt);
  }

  /** Resolves with the receipts of all parts in order; rejects with the first error. */
  async sendAll(): Promise<PartReceipt[]> {
    await Promise.all(this.#job.lanes.map((lane) => this.#work(lane)));
    return [...this.#receipts.values()].sort((a, b) => a.partNumber - b.partNumber);
  }

  /** Resolves when no attempt is on its way any more, or after a while. */
  async settled(): Promise<void> {
    await Promise.race([Promise.allSettled(this.#attempts), pause(settleMs)]);
  }

  async #work(lane: PartLane): Promise<void> {
    try {
      for (;;) {
        const part = await this.#job.feed.next(lane);
        if (part === undefined || this.#job.stop.signal.aborted) return;
        this.#keep(await this.#send(part, lane));
      }
    } catch (error) {
      this.#job.stop.abort(stopped());
      throw error;
    }
  }

  #send(part: Part, lane: PartLane): Promise<PartReceipt> {
    const { multipart, request, stop } = this.#job;
    const { partNumber, size, pieces } = part;
    const sent = (total: number): void => this.#report(partNumber, total);
    return this.#call.request({
      // A part is invisible until the upload completes.
      effect: 'read',
      run: ({ signal, attempt }) =>
        this.#track(() =>
          lane.lend(() =>
            multipart.putPart(
              {
                key: request.key,
                uploadId: this.#uploadId,
                partNumber,
                body: { size, pieces, open: () => counted(pieces, sent) },
                integrity: request.integrity,
                onProgress: sent,
              },
              { signal: AbortSignal.any([signal, stop.signal]), attempt },
            ),
          ),
        ),
    });
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    const attempt = work();
    this.#attempts.add(attempt);
    const forget = (): void => void this.#attempts.delete(attempt);
    attempt.then(forget, forget);
    return attempt;
  }

  #report(partNumber: number, sentBytes: number): void {
    this.#call.lastAt = performance.now();
    this.#sending.set(partNumber, sentBytes);
    let total = this.#doneBytes;
    for (const bytes of this.#sending.values()) total += bytes;
    this.#job.progress.report(total);
  }

  #keep(receipt: PartReceipt): void {
    this.#receipts.set(receipt.partNumber, receipt);
    this.#sending.delete(receipt.partNumber);
    this.#doneBytes += receipt.size;
    this.#job.progress.report(this.#doneBytes);
    this.#call.addBytes(receipt.size);
  }
}

function stopped(): DriverFault {
  return new DriverFault('Aborted', 'another part of the upload failed');
}
