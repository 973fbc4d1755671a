import { Readable } from 'node:stream';
import type { Call } from './call.ts';
import type { FileInfo } from './file-info.ts';
import { putInfo } from './operations/results.ts';
import type { Download } from './transfer/download.ts';
import type { ByteSpan } from './transfer/download-request.ts';
import { type FileBody, owned, readWhole } from './transfer/file-body.ts';
import { toHeaders } from './transfer/response-headers.ts';
import { saveBody } from './transfer/save-body.ts';

/**
 * A file that was opened by `retrieve`: its info, and a body to be read once, by any one of its methods. Every method
 * rejects with a `StorageError`: `InvalidArgument` when the body was used, `PreconditionFailed` when the object changed
 * while it was read, `ChecksumMismatch` when the bytes are not what was stored, `Timeout` when none come.
 *
 * @example
 * await using file = await backend.retrieve('users/123/resume.pdf');
 * if (file.size < 1_000_000) await process(await file.bytes());
 */
export interface RetrievedFile extends FileInfo, AsyncIterable<Uint8Array, undefined>, AsyncDisposable {
  /** The bytes that the body holds, `end` not included; `size` is of the whole file. */
  readonly range: { readonly start: number; readonly end: number };
  /** Whether the body has been asked for. */
  readonly bodyUsed: boolean;
  /** All bytes in memory. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** All bytes in memory. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** The bytes as UTF-8; a byte order mark is left out. */
  text(): Promise<string>;
  /** The bytes as JSON; rejects `InvalidArgument` when they are something else. */
  json(): Promise<unknown>;
  /** All bytes in memory, with the content type of the file. */
  blob(): Promise<Blob>;
  /** A web stream, which reads only what is asked for. Cancelling it frees the connection. */
  stream(): ReadableStream<Uint8Array>;
  /** A Node stream. Destroying it frees the connection. */
  nodeStream(): Readable;
  /** Writes the bytes to a file, which appears at `path` when it is complete and replaces what was there. */
  saveTo(path: string): Promise<void>;
  /** A response with the headers of the file; status 206 for a range. */
  toResponse(): Response;
  /** Frees the connection; for a file whose body is not wanted. Never rejects. */
  cancel(): Promise<void>;
}

/** A file that nobody holds any more, and whose body nobody has asked for, gives its connection back. */
const forgotten = new FinalizationRegistry<FileBody>((body) => void body.cancel());

/** @param isPartial whether a range was asked for */
export function createRetrievedFile(call: Call, { info, span, body }: Download, isPartial: boolean): RetrievedFile {
  return putInfo(new BodyReader(call, info, span, body, isPartial), info, call.capabilities);
}

class BodyReader implements Omit<RetrievedFile, keyof FileInfo> {
  readonly range: ByteSpan;
  readonly #call: Call;
  readonly #info: FileInfo;
  readonly #body: FileBody;
  readonly #isPartial: boolean;
  #used = false;

  constructor(call: Call, info: FileInfo, span: ByteSpan, body: FileBody, isPartial: boolean) {
    this.range = span;
    this.#call = call;
    this.#info = info;
    this.#body = body;
    this.#isPartial = isPartial;
    if (body.holdsConnection) forgotten.register(this, body, body);
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const body = this.#use();
      return body.take === undefined ? readWhole(body) : Promise.resolve(owned(body.take()));
    } catch (error) {
      return Promise.reject(this.#call.wrap(error));
    }
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteLength } = await this.bytes();
    return buffer.byteLength === byteLength ? buffer : buffer.slice(0, byteLength);
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    const text = await this.text();
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw this.#call.fault('InvalidArgument', 'the file is not JSON', error);
    }
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.#info.contentType });
  }

  stream(): ReadableStream<Uint8Array> {
    const body = this.#use();
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const result = await body.next();
          if (result.done === true) controller.close();
          else controller.enqueue(result.value);
        },
        cancel: () => body.cancel(),
      },
      // Nothing is read ahead: a stream that nobody reads holds no bytes.
      { highWaterMark: 0 },
    );
  }

  nodeStream(): Readable {
    const body = this.#use();
    return new Readable({
      read() {
        body.next().then(
          (result) => this.push(result.done === true ? null : result.value),
          (error: unknown) => this.destroy(error as Error),
        );
      },
      destroy(error, done) {
        void body.cancel().then(() => done(error));
      },
    });
  }

  async saveTo(path: string): Promise<void> {
    if (typeof path !== 'string' || path === '') throw this.#call.fault('InvalidArgument', 'path must be a file path');
    const body = this.#use();
    try {
      await saveBody(body, path);
    } catch (error) {
      await body.cancel();
      throw this.#call.wrap(error);
    }
  }

  toResponse(): Response {
    const headers = toHeaders(this.#info, this.range, this.#isPartial);
    return new Response(this.stream(), { status: this.#isPartial ? 206 : 200, headers });
  }

  async cancel(): Promise<void> {
    this.#used = true;
    forgotten.unregister(this.#body);
    await this.#body.cancel();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    const body = this.#use();
    let stopped = false;
    return {
      next: () => (stopped ? Promise.resolve({ done: true, value: undefined }) : body.next()),
      async return() {
        stopped = true;
        await body.cancel();
        return { done: true, value: undefined };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  #use(): FileBody {
    if (this.#used)
      throw this.#call.fault('InvalidArgument', 'the body was read or cancelled already; it is there once');
    this.#used = true;
    // From here on, whoever reads owns the body.
    forgotten.unregister(this.#body);
    return this.#body;
  }
}
