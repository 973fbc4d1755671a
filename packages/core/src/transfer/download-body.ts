import type { Abortable, Call } from '../call.ts';
import { assertChecksum, createDigest, type Digest } from '../checksum.ts';
import type { BodyStream, ObjectInfo } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { StorageError } from '../errors/storage-error.ts';
import type { Checksum } from '../file-info.ts';
import { abortFault } from './abort-fault.ts';
import { type Connection, connect } from './connection.ts';
import type { ByteSpan } from './download-request.ts';
import { fetchSpan, wrongLength } from './fetch-span.ts';
import type { FileBody } from './file-body.ts';
import { GuardedPull, Interruption } from './guarded-pull.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { type Parkable, startWaiting, stopWaiting } from './unread-bodies.ts';

/** How often a cut connection is resumed. */
const mostResumes = 4;

/** What a body reads. */
export interface BodyOrigin {
  readonly key: string;
  readonly versionId?: string;
  readonly info: ObjectInfo;
  readonly span: ByteSpan;
  /** Of the whole object, where all of it is read. */
  readonly checksum: Checksum | undefined;
  readonly progress: ProgressMeter;
  /** Called once, when the body has ended, failed (then with the error) or was cancelled. */
  readonly onOver: (error?: StorageError) => void;
}

/**
 * The bytes of one version of an object. A cut connection is resumed at the offset; a reader that waits longer than
 * the idle timeout gets `Timeout`; one that does not pull gives the connection back, and gets another one when it does.
 */
export class DownloadBody implements FileBody, Abortable, Parkable {
  readonly length: number;
  readonly holdsConnection = true;
  readonly #call: Call;
  readonly #origin: BodyOrigin;
  readonly #digest: Digest | undefined;
  readonly #pull: GuardedPull;
  #connection: Connection | undefined;
  #offset: number;
  #resumes = 0;
  /** Pulls that have not been answered: they are made one after another. */
  #pulls = 0;
  #lastPull: Promise<unknown> | undefined;
  #busy = false;
  #outcome: { readonly error: StorageError | undefined } | undefined;

  constructor(call: Call, origin: BodyOrigin, body: BodyStream | Uint8Array) {
    this.#call = call;
    this.#origin = origin;
    this.length = origin.span.end - origin.span.start;
    this.#offset = origin.span.start;
    this.#connection = connect(body);
    this.#digest = origin.checksum === undefined ? undefined : createDigest(origin.checksum.algorithm);
    this.#pull = new GuardedPull(call.idle);
    call.listen(this);
    startWaiting(call.driver, this);
  }

  next(target?: Uint8Array): Promise<IteratorResult<Uint8Array, undefined>> {
    const before = this.#pulls === 0 ? undefined : this.#lastPull;
    this.#pulls += 1;
    const result = this.#next(before, target);
    this.#lastPull = result;
    return result;
  }

  async cancel(): Promise<void> {
    if (this.#outcome !== undefined) return;
    const fault = new DriverFault('Aborted', 'the body was cancelled before its end');
    this.#outcome = { error: this.#call.wrap(fault) };
    this.#pull.interrupt(fault);
    const freed = this.#release();
    this.#origin.onOver();
    await freed;
  }

  /** The call was ended by its caller or its deadline. */
  abort(): void {
    const fault = abortFault(this.#call.signal);
    if (this.#busy) this.#pull.interrupt(fault);
    else this.#fail(fault);
  }

  /** Gives the connection back, unless somebody waits for bytes. */
  park(): void {
    if (this.#busy) return;
    stopWaiting(this.#call.driver, this);
    void this.#disconnect();
  }

  async #next(
    before: Promise<unknown> | undefined,
    target: Uint8Array | undefined,
  ): Promise<IteratorResult<Uint8Array, undefined>> {
    if (before !== undefined) await before.catch(() => undefined);
    this.#busy = true;
    stopWaiting(this.#call.driver, this);
    try {
      while (this.#outcome === undefined) {
        const value = await this.#read(target);
        if (value !== undefined) return { done: false, value };
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#pulls -= 1;
      this.#busy = false;
      if (this.#outcome === undefined) startWaiting(this.#call.driver, this);
    }
    if (this.#outcome?.error !== undefined) throw this.#outcome.error;
    return { done: true, value: undefined };
  }

  /** The next chunk; undefined when none came and the connection may be another one now. */
  async #read(target: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    if (this.length === 0) {
      await this.#expectEnd();
      return undefined;
    }
    this.#connection ??= await this.#reconnect();
    let result: IteratorResult<Uint8Array, unknown>;
    try {
      result = await this.#pull.from(this.#connection, target);
    } catch (error) {
      this.#resumeAfter(error);
      return undefined;
    }
    if (result.done === true) this.#resumeAfter(this.#tooShort());
    if (result.done === true || result.value.byteLength === 0) return undefined;
    this.#count(result.value);
    const { span, progress } = this.#origin;
    // Before the last chunk is given out: nobody should take wrong bytes for a whole file.
    if (this.#offset === span.end) await this.#expectEnd();
    progress.report(this.#offset - span.start);
    return result.value;
  }

  #count(chunk: Uint8Array): void {
    const { span } = this.#origin;
    const offset = this.#offset + chunk.byteLength;
    if (offset > span.end) throw wrongLength(this.length, offset - span.start);
    this.#digest?.update(chunk);
    this.#offset = offset;
    this.#call.addBytes(chunk.byteLength);
  }

  /** All bytes are there: the service must have no more, and they must be what was stored. */
  async #expectEnd(): Promise<void> {
    while (this.#connection !== undefined) {
      let result: IteratorResult<Uint8Array, unknown>;
      try {
        result = await this.#pull.from(this.#connection);
      } catch (error) {
        this.#ignoreCut(error);
        break;
      }
      if (result.done === true) break;
      if (result.value.byteLength > 0) throw wrongLength(this.length, this.length + result.value.byteLength);
    }
    const { checksum } = this.#origin;
    if (checksum !== undefined && this.#digest !== undefined) assertChecksum(checksum, this.#digest.hex(), 'stored');
    this.#outcome = { error: undefined };
    void this.#release();
    this.#origin.onOver();
  }

  /** Drops a connection that was cut, so that the next read makes another one; throws what no other one would mend. */
  #resumeAfter(error: unknown): void {
    if (error instanceof Interruption) throw error.fault;
    const failure = this.#call.wrap(error);
    this.#resumes += 1;
    if (failure.retryable === 'no' || this.#resumes > mostResumes) throw failure;
    void this.#disconnect();
  }

  /** A connection that breaks behind the last byte is over; a service that says that the bytes are wrong is heard. */
  #ignoreCut(error: unknown): void {
    if (error instanceof Interruption) throw error.fault;
    const failure = this.#call.wrap(error);
    if (failure.retryable === 'no') throw failure;
  }

  #tooShort(): DriverFault {
    const got = this.#offset - this.#origin.span.start;
    return new DriverFault('LengthMismatch', `the body ended after ${got} of ${this.length} bytes`, {
      retryable: 'safe',
    });
  }

  async #reconnect(): Promise<Connection> {
    const { span } = this.#origin;
    const connection = connect(await fetchSpan(this.#call, this.#origin, { start: this.#offset, end: span.end }));
    if (this.#outcome === undefined) return connection;
    await connection.free();
    throw new DriverFault('Aborted', 'the body was cancelled before its end');
  }

  /** Not awaited: the reader need not wait until a broken connection is free. */
  #fail(error: unknown): void {
    if (this.#outcome !== undefined) return;
    const failure = this.#call.wrap(error);
    this.#outcome = { error: failure };
    void this.#release();
    this.#origin.onOver(failure);
  }

  #release(): Promise<void> {
    this.#call.unlisten(this);
    stopWaiting(this.#call.driver, this);
    return this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.free();
  }
}
