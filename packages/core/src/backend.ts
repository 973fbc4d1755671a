import type { BodyInput } from './body-input.ts';
import { perform, performClose } from './call/perform.ts';
import { createRuntime, type Runtime, viewRuntime } from './call/runtime.ts';
import type { Call } from './call.ts';
import type { Capabilities } from './capabilities.ts';
import { checkOptionNames, describe } from './check.ts';
import type { BackendSettings } from './config/backend-options.ts';
import type { CallContext, SignedForm, SignedRequest, StorageDriver } from './driver.ts';
import { StorageError } from './errors/storage-error.ts';
import type { DeleteResult, FileEntry, FileInfo, FilePage, FileVersion, SaveResult, StoreState } from './file-info.ts';
import { checkKey } from './keys.ts';
import type { Layer } from './layers/layer.ts';
import { copyFile, moveFile } from './operations/copy.ts';
import { deleteFile } from './operations/delete.ts';
import { deleteMany } from './operations/delete-many.ts';
import { deletePrefix } from './operations/delete-prefix.ts';
import { exists, getMetadata } from './operations/head.ts';
import { type Health, healthCheck, initialize, state } from './operations/health.ts';
import { listFiles, listPage } from './operations/list.ts';
import { native } from './operations/native.ts';
import { retrieve } from './operations/retrieve.ts';
import { save } from './operations/save.ts';
import { createUploadForm, getUrl, signRequest } from './operations/sign.ts';
import { getTags, restoreArchived, setTags, setTier } from './operations/tiers.ts';
import { type Updater, update } from './operations/update.ts';
import { updateMetadata } from './operations/update-metadata.ts';
import { cleanup, createUpload, downloadFile, resumeUpload, uploadFile } from './operations/uploads.ts';
import { getVersions, restoreVersion, undelete } from './operations/versions.ts';
import { walk } from './operations/walk.ts';
import type * as O from './options.ts';
import type { RetrievedFile } from './retrieved-file.ts';
import type { CleanupResult } from './transfer/cleanup.ts';
import type { UploadSession } from './transfer/upload-session.ts';

/** State behind each backend; a WeakMap keeps it out of the declarations, so that two copies of this package agree. */
const runtimes = new WeakMap<object, Runtime>();
const brand: unique symbol = Symbol.for('@storage/backend') as never;

/**
 * File storage behind one contract: every method checks its arguments, asks the driver, retries what may be retried,
 * and rejects with a `StorageError` and nothing else. Every method takes `{ signal, timeoutMs }`.
 *
 * @example
 * const backend = new MemoryBackend();
 * await backend.save('users/123/resume.pdf', bytes, { metadata: { jobId: '456' } });
 * const file = await backend.retrieve('users/123/resume.pdf');
 * console.log(file.metadata.jobId, await file.bytes());
 */
export class StorageBackend<C extends Capabilities = Capabilities, Native = unknown> {
  /** What this service can do with these options: frozen, known without I/O. */
  readonly capabilities: C;
  /** Backend type, as in the registry. */
  readonly type: string;
  /** Name of this instance in errors and events. */
  readonly name: string;

  /** Wraps a driver; sends nothing. */
  constructor(driver: StorageDriver<Native>, settings: Partial<BackendSettings> = {}) {
    const runtime = createRuntime(driver, settings);
    runtimes.set(this, runtime);
    this.capabilities = driver.capabilities as C;
    this.type = driver.type;
    this.name = runtime.name;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Opens the backend and probes settings, reach and bucket, to fail fast; the first use of any method opens it too. */
  async initialize(options?: O.BaseOptions): Promise<this> {
    await run(this, 'initialize', undefined, options, (call, given) => initialize(call, given));
    return this;
  }

  /** Whether the service answers. Resolves when it does not, with `healthy: false`: test the field, not the result. */
  healthCheck(options?: O.BaseOptions): Promise<Health> {
    return run(this, 'healthCheck', undefined, options, healthCheck);
  }

  /** What the bucket, container or folder has switched on. */
  state(options?: O.BaseOptions): Promise<StoreState> {
    return run(this, 'state', undefined, options, state);
  }

  /**
   * Stores a file, all or nothing: body, headers and metadata become visible together.
   * Rejects `AlreadyExists` (`ifAbsent`), `PreconditionFailed` (`ifMatch`), `LengthMismatch`, `ChecksumMismatch`,
   * `InvalidKey`, `KeyConflict`, `QuotaExceeded`.
   *
   * @example
   * await backend.save('notes/today.txt', 'hello', { contentType: 'text/plain', metadata: { author: 'ada' } });
   */
  save(key: string, body: BodyInput, options?: O.SaveOptions<C>): Promise<SaveResult> {
    return run(this, 'save', key, options, saveBody, body);
  }

  /**
   * Opens a file: its info, and a body to be read once. Rejects `NotFound`, `InvalidRange`, `PreconditionFailed`,
   * `NotModified`, `Archived`. The deadline ends when this resolves; the signal goes on for the body.
   *
   * @example
   * const file = await backend.retrieve('notes/today.txt', { range: { start: 0, end: 5 } });
   * console.log(await file.text());
   */
  retrieve(key: string, options?: O.RetrieveOptions<C>): Promise<RetrievedFile> {
    return runOnKey(this, 'retrieve', key, options, retrieve);
  }

  /**
   * Deletes a file; one that is not there resolves too, unless `mustExist`: `NotFound`.
   *
   * @example
   * const { existed } = await backend.delete('notes/today.txt');
   */
  delete(key: string, options?: O.DeleteOptions<C>): Promise<DeleteResult> {
    return runOnKey(this, 'delete', key, options, deleteFile);
  }

  /** Whether a file is there: false only on definite absence, anything else rejects. */
  exists(key: string, options?: O.BaseOptions): Promise<boolean> {
    return runOnKey(this, 'exists', key, options, exists);
  }

  /** Info of a file without its bytes; undefined only when the file or version is not there. */
  getMetadata(key: string, options?: O.HeadOptions<C>): Promise<FileInfo | undefined> {
    return runOnKey(this, 'getMetadata', key, options, getMetadata);
  }

  /**
   * Changes metadata without sending the body: a string sets, `null` removes, `{ replace: true }` replaces all.
   * Headers, tags, tier and encryption stay. Rejects `NotFound`.
   *
   * @example
   * await backend.updateMetadata('users/123/resume.pdf', { jobId: '456', draft: null });
   */
  updateMetadata(key: string, patch: O.MetadataPatch, options?: O.UpdateMetadataOptions<C>): Promise<FileInfo> {
    return run(this, 'updateMetadata', key, options, (call, given) => updateMetadata(call, key, patch, given));
  }

  /**
   * Changes the body by compare-and-set: `fn` gets the current file, or undefined, and is called again after a lost
   * race. It returns the new body, or undefined to leave the file as it is; then this resolves with undefined.
   *
   * @example
   * await backend.update('counter', async (file) => String(Number((await file?.text()) ?? 0) + 1));
   */
  update(key: string, fn: Updater, options?: O.SaveOptions<C>): Promise<SaveResult | undefined> {
    return run(this, 'update', key, options, (call, given) => update(call, key, fn, given));
  }

  /** Files whose keys start with `prefix`, in order: all, up to 10,000, or `limit`. For more use `walk`. */
  listFiles(prefix = '', options?: O.ListFilesOptions): Promise<FileEntry[]> {
    return run(this, 'listFiles', undefined, options, (call, given) => listFiles(call, prefix, given));
  }

  /**
   * Every file whose key starts with `prefix`, in order, a page at a time. `timeoutMs` is for each page.
   *
   * @example
   * for await (const file of backend.walk('users/')) console.log(file.key, file.size);
   */
  walk(prefix = '', options?: O.WalkOptions): AsyncIterableIterator<FileEntry> {
    return walk((work) => run(this, 'walk', undefined, options, work), prefix, options ?? {});
  }

  /** One page of a listing, with its common prefixes; `cursor` of the page goes to the next call. */
  listPage(options?: O.ListPageOptions): Promise<FilePage> {
    return run(this, 'listPage', undefined, options, listPage);
  }

  /** A URL that anyone may read until it expires. @default 900 seconds */
  getUrl(key: string, options?: O.GetUrlOptions): Promise<string> {
    return runOnKey(this, 'getUrl', key, options, getUrl);
  }

  /** A request that anyone may send until it expires: method, URL and the headers that must go with it. */
  signRequest(key: string, options?: O.SignRequestOptions): Promise<SignedRequest> {
    return runOnKey(this, 'signRequest', key, options, signRequest);
  }

  /** An HTML form that uploads to one key, where the service has it. */
  createUploadForm(key: string, options: O.UploadFormOptions): Promise<SignedForm> {
    return run(this, 'createUploadForm', key, options, (call, given: O.UploadFormOptions) =>
      createUploadForm(call, key, given),
    );
  }

  /** Copies on the server; headers and metadata go along unless the options replace them. Rejects `NotFound`. */
  copy(source: string, key: string, options?: O.CopyOptions<C>): Promise<SaveResult> {
    return run(this, 'copy', key, options, (call, given) => copyFile(call, source, key, given));
  }

  /** Renames; atomic where `atomicMove` is claimed, otherwise a copy, then a delete. The source is never lost. */
  move(source: string, key: string, options?: O.CopyOptions<C>): Promise<SaveResult> {
    return run(this, 'move', key, options, (call, given) => moveFile(call, source, key, given));
  }

  /**
   * Deletes keys: one outcome each, in the order given; one failure does not stop the others. Of a key that is given
   * twice, either outcome may be the one that found it.
   */
  deleteMany(keys: readonly string[], options?: O.DeleteManyOptions): Promise<O.DeleteOutcome[]> {
    return run(this, 'deleteMany', undefined, options, (call, given) => deleteMany(call, keys, given));
  }

  /** Deletes every file whose key starts with `prefix`; the empty prefix needs `{ allowAll: true }`. */
  deletePrefix(prefix: string, options?: O.DeletePrefixOptions): Promise<O.DeletePrefixResult> {
    return run(this, 'deletePrefix', undefined, options, (call, given) => deletePrefix(call, prefix, given));
  }

  /** Stores a file from disk, its parts in parallel, resumable by the token that `onToken` gets. */
  uploadFile(key: string, path: string, options?: O.UploadFileOptions<C>): Promise<SaveResult> {
    return run(this, 'uploadFile', key, options, (call, given) => uploadFile(call, key, path, given));
  }

  /** Fetches a file to disk, in parallel where that helps; a cut download goes on where it was. Never leaves half a file. */
  downloadFile(key: string, path: string, options?: O.DownloadFileOptions<C>): Promise<FileInfo> {
    return run(this, 'downloadFile', key, options, (call, given) => downloadFile(call, key, path, given));
  }

  /** Opens an upload whose parts you send yourself, from several processes if you like. */
  createUpload(key: string, options?: O.UploadOptions<C>): Promise<UploadSession> {
    return run(this, 'createUpload', key, options, (call, given) => createUpload(call, key, given, opener(this)));
  }

  /** Goes on with an upload by its token, in another process too. */
  resumeUpload(token: string, options?: O.BaseOptions): Promise<UploadSession> {
    return run(this, 'resumeUpload', undefined, options, (call, given) =>
      resumeUpload(call, token, given, opener(this)),
    );
  }

  /** Removes what killed uploads left behind. */
  cleanup(options: O.CleanupOptions): Promise<CleanupResult> {
    return run(this, 'cleanup', undefined, options, (call, given: O.CleanupOptions) => cleanup(call, given));
  }

  /** Revisions of a key, newest first: current, earlier and deletions. */
  getVersions(key: string, options?: O.VersionsOptions): Promise<FileVersion[]> {
    return runOnKey(this, 'getVersions', key, options, getVersions);
  }

  /** Makes an earlier version the current one again, as a new revision. Rejects `NotFound`. */
  restoreVersion(key: string, versionId: string, options?: O.BaseOptions): Promise<SaveResult> {
    return run(this, 'restoreVersion', key, options, (call, given) => restoreVersion(call, key, versionId, given));
  }

  /** Brings a deleted file back as it was. Rejects `NotFound` when there is nothing to bring back. */
  undelete(key: string, options?: O.BaseOptions): Promise<SaveResult> {
    return runOnKey(this, 'undelete', key, options, undelete);
  }

  /** Moves a file to another storage tier without sending its body. */
  setTier(key: string, tier: string, options?: O.BaseOptions): Promise<FileInfo> {
    return run(this, 'setTier', key, options, (call, given) => setTier(call, key, tier, given));
  }

  /** Asks for an archived file to be readable for some days; `FileInfo.archive` tells when it is. */
  restoreArchived(key: string, options?: O.RestoreArchivedOptions): Promise<FileInfo> {
    return runOnKey(this, 'restoreArchived', key, options, restoreArchived);
  }

  /** All tags of a file. */
  getTags(key: string, options?: O.BaseOptions): Promise<Record<string, string>> {
    return runOnKey(this, 'getTags', key, options, getTags);
  }

  /** Replaces all tags of a file. */
  setTags(key: string, tags: Readonly<Record<string, string>>, options?: O.BaseOptions): Promise<void> {
    return run(this, 'setTags', key, options, (call, given) => setTags(call, key, tags, given));
  }

  /**
   * A view through a layer. Closing the view closes only what the view opened, not this backend.
   *
   * @example
   * const tenant = backend.with(prefixed('tenants/7/'));
   */
  with(layer: Layer): StorageBackend<C, Native> {
    if (typeof layer !== 'function') {
      throw misuse('with', `a layer is a function, such as prefixed('tenants/7/'), not ${describe(layer)}`);
    }
    const runtime = viewRuntime(runtimeOf(this, 'with'), layer);
    const view = new StorageBackend<C, Native>(runtime.driver as StorageDriver<Native>, { name: this.name });
    // The view shares retries, observers and timeouts with this backend.
    runtimes.set(view, runtime);
    return view;
  }

  /** The client of the service's SDK, for what this library has no name for. Rejects `Unsupported` where there is none. */
  native(options?: O.BaseOptions): Promise<Native> {
    return run(this, 'native', undefined, options, (call, given) => native<Native>(call, given));
  }

  /** Frees connections and handles; idempotent. Every later call rejects `Closed`; bodies that are open can be read on. */
  async close(): Promise<void> {
    return performClose(runtimeOf(this, 'close'));
  }

  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Whether a value is a storage backend, of this copy of the package or another. */
export function isStorageBackend(value: unknown): value is StorageBackend {
  return typeof value === 'object' && value !== null && brand in value;
}

/** One public method; `subject` is what its work is given beside call, options and key. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- inferred from the operation, in place of a cast in every method
function run<T, Options extends O.BaseOptions, Subject>(
  backend: object,
  operation: string,
  key: unknown,
  options: object | undefined,
  work: (call: Call, options: Options, key: string, subject: Subject) => Promise<T>,
  subject?: Subject,
): Promise<T> {
  const runtime = runtimes.get(backend);
  if (runtime === undefined) return Promise.reject(unbound(operation));
  return perform(runtime, operation, key, options, work, subject);
}

/** A method whose operation takes the key and the options as they are: those that are called most make no function. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
function runOnKey<T, Options extends O.BaseOptions>(
  backend: object,
  operation: string,
  key: string,
  options: object | undefined,
  work: (call: Call, key: string, options: Options) => Promise<T>,
): Promise<T> {
  return run(backend, operation, key, options, withKey<T, Options>, work);
}

function withKey<T, Options>(
  call: Call,
  options: Options,
  key: string,
  work: (call: Call, key: string, options: Options) => Promise<T>,
): Promise<T> {
  return work(call, key, options);
}

function saveBody(call: Call, options: O.SaveOptions, key: string, body: BodyInput): Promise<SaveResult> {
  return save(call, key, body, options);
}

/** A method that a backend class adds to those of the contract: about its bucket or account, mostly. */
export interface AddedCall<T> {
  /** The name of the method, for errors and events. */
  readonly operation: string;
  /** `read` changes nothing; `write` may have been applied although it failed, and is safe to send again. */
  readonly effect: 'read' | 'write';
  /** What the caller gave; names that are neither `signal`, `timeoutMs` nor in `optionNames` reject `InvalidArgument`. */
  readonly options?: O.BaseOptions | undefined;
  readonly optionNames?: readonly string[];
  /** The key it is about, if any; one that no service can hold rejects `InvalidKey`. */
  readonly key?: string;
  /** Checks its arguments, by `DriverFault`, then asks the driver; one attempt. */
  readonly run: (context: CallContext) => Promise<T>;
}

/**
 * Makes a call of a method that a backend adds: opened, timed, retried, observed, and its errors wrapped, as the calls of
 * the contract are.
 *
 * @example
 * enableVersioning(options?: BaseOptions): Promise<void> {
 *   return addedCall(this, { operation: 'enableVersioning', effect: 'write', options, run: (context) => … });
 * }
 */
export function addedCall<T>(backend: object, added: AddedCall<T>): Promise<T> {
  const { operation, effect, options, key, run: attempt } = added;
  return run(backend, operation, key, options, async (call, given) => {
    checkOptionNames(given, added.optionNames ?? []);
    if ('key' in added) checkKey(key, 'read', call.capabilities);
    return call.request({ effect, run: attempt });
  });
}

/** How an upload session, which outlives the call that opened it, makes calls of its own. */
function opener(backend: object) {
  return <T>(
    operation: string,
    key: string,
    options: O.BaseOptions | undefined,
    work: (call: Call) => Promise<T>,
  ): Promise<T> => perform(runtimeOf(backend, operation), operation, key, options, work);
}

function runtimeOf(backend: object, operation: string): Runtime {
  const runtime = runtimes.get(backend);
  if (runtime === undefined) throw unbound(operation);
  return runtime;
}

function unbound(operation: string): StorageError {
  return misuse(operation, 'a method was called without its backend: call it as backend.method(…)');
}

function misuse(operation: string, message: string): StorageError {
  return new StorageError(message, { code: 'InvalidArgument', operation });
}
