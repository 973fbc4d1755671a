import type { Capabilities, SignMethod } from './capabilities.ts';
import type { Classification } from './errors/classification.ts';
import type {
  Checksum,
  ContentHeaders,
  DeleteResult,
  Encryption,
  FileEntry,
  FileInfo,
  FilePage,
  FileVersion,
  StoreState,
} from './file-info.ts';

/**
 * A driver is one conversation with one service. `StorageBackend` has checked and normalised every argument before
 * it calls: keys are well formed, option values are in range, an option that the capabilities deny never arrives.
 *
 * What every member owes:
 * - One attempt: it never retries, and it turns the retries of its SDK off.
 * - It lets the error of its SDK fly; `classify` names it. A refusal that the driver itself decides is a `DriverFault`.
 * - It settles promptly once `context.signal` aborts, frees what it holds, and starts no request after that. A write that
 *   rejects with `signal.reason` itself says that nothing was applied; any other rejection leaves that open.
 * - It never logs, prefixes, validates, or keeps a reference to a body after it settled.
 * - It is safe to call concurrently, for the same key too.
 */
export interface StorageDriver<Native = unknown> extends OptionalMembers<Native> {
  /** Version of this interface. */
  readonly driverApi: 1;
  /** Name of the backend type, as in the registry: `local`, `minio`, … */
  readonly type: string;
  /** Frozen; the same for every instance with the same options. */
  readonly capabilities: Capabilities;
  /** Values that must never appear in an error or an event, beyond the patterns that core knows. */
  readonly secrets?: readonly string[];

  /** Prepares the instance: loads its SDK, builds its client. Sends no request. Called once, before any other member. */
  open(context: CallContext): Promise<void>;

  /** Resolves when the store is there and may be used; otherwise rejects with the error that says why. */
  check(context: CallContext): Promise<void>;

  /**
   * Info of an object. Rejects `NotFound` when the object or version is not there, and `BucketNotFound` when the
   * store is not, even if the service needs a second question to tell the two apart.
   */
  head(request: HeadRequest, context: CallContext): Promise<ObjectInfo>;

  /**
   * Reads an object, or the part of it that `range` names, from one single version.
   * Resolves when the first bytes can be read; the body then fails rather than end early. `info` is of the whole
   * object. A start at or past the end rejects `InvalidRange`, on an empty object too (core then asks `head`).
   * An end past the end of the object is clamped. Conditions that fail reject `PreconditionFailed` or `NotModified`.
   */
  get(request: GetRequest, context: CallContext): Promise<GetResponse>;

  /**
   * Commits a whole object with its headers, metadata and tags, all or nothing. If the body throws, ends before
   * `body.size` bytes or goes on after them, it rejects with that error and nothing is committed.
   * A condition is enforced atomically by the service: `ifAbsent` lost rejects `AlreadyExists`; `ifMatch` on
   * another etag or on a missing key, and `ifNoneMatch` on that etag, reject `PreconditionFailed`.
   */
  put(request: PutRequest, context: CallContext): Promise<PutResponse>;

  /**
   * Deletes an object, or one version of it. A missing one resolves (`existed` false, or undefined where the service
   * does not say), unless `mustExist`: `NotFound`. `ifMatch` that does not hold, a missing key included, rejects
   * `PreconditionFailed`.
   */
  remove(request: RemoveRequest, context: CallContext): Promise<RemoveResponse>;

  /**
   * One page in the declared order, of at most `limit` entries and prefixes together. A page may be short, and even
   * empty, while `cursor` says that there is more. Entries and prefixes are original keys.
   */
  listPage(request: ListRequest, context: CallContext): Promise<ListResponse>;

  /** Frees everything. Called at most once; no member is called afterwards, but bodies that are open may be read on. */
  close(): Promise<void>;

  /**
   * Names an error that a member or an open body failed with. Never throws. What it does not know is `Unknown`.
   * A connection that was cut is `Unavailable`, even where the SDK calls it an abort: core knows its own aborts.
   */
  classify(error: unknown): Classification;
}

/** Members that exist exactly when the capabilities claim them, and those that are truly optional. */
export interface OptionalMembers<Native = unknown> {
  /** Creates the bucket or container, if the options allow it. A race with another creator resolves. */
  createBucket?(context: CallContext): Promise<void>;
  /** What the bucket or account has switched on. */
  state?(context: CallContext): Promise<StoreState>;
  /** The client of the service's SDK. */
  native?(): Promise<Native>;

  /** Whether an object is there, where that costs less than `head`. The same rejections, but false for `NotFound`. */
  exists?(request: ExistsRequest, context: CallContext): Promise<boolean>;

  /** Uploads in parts (capability `multipart`). */
  readonly multipart?: MultipartMember;
  /** Server-side copy, complete when it resolves (capability `copy`). */
  copy?(request: CopyRequest, context: CallContext): Promise<PutResponse>;
  /** Rename in one step (capability `atomicMove`). The source is never lost. */
  move?(request: CopyRequest, context: CallContext): Promise<PutResponse>;
  /** One batch of at most `batchDelete` keys (capability `batchDelete`): one outcome per key, in the order given. */
  removeMany?(request: RemoveManyRequest, context: CallContext): Promise<readonly RemoveOutcome[]>;
  /**
   * Replaces the metadata (and headers) of an object as given, without sending its body; tags, tier and encryption
   * stay (capability `setMetadata`). `ifMatch` is only given where `ifMatchMetadata` is claimed, or, where etags name
   * content, as a guard that the body did not change.
   */
  setMetadata?(request: SetMetadataRequest, context: CallContext): Promise<ObjectInfo>;
  /** Signs a request without sending it (capability `sign`). */
  sign?(request: SignRequest, context: CallContext): Promise<SignedRequest>;
  /** Signs an upload form (capability `sign.uploadForm`). */
  signForm?(request: SignFormRequest, context: CallContext): Promise<SignedForm>;
  /** Versions of a key (capability `versions`). */
  readonly versions?: VersionsMember;
  /** Tiers and archives (capability `tiers`). */
  readonly tiers?: TiersMember;
  /** Tags (capability `tags`). */
  readonly tags?: TagsMember;
}

/** Given with every call. To be handed on as it is: its members are made when they are asked for, and a copy has none of them. */
export interface CallContext {
  /**
   * Aborts on the caller's signal, the deadline, an idle timeout. After `get` has resolved it aborts only when the
   * body shall end too: both SDKs tie an open body to the signal of its request.
   */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /**
   * To be called when the service got on with something that core cannot see, a copy in parts for one: what takes
   * long is not idle then.
   */
  readonly progressed?: () => void;
  /**
   * Calls back, once, when `signal` aborts, at once where it has; never after the member has settled, so that there is
   * nothing to take back. It costs a tenth of a listener on `signal`, and a context that was made by hand may be without.
   */
  onAbort?(callback: (reason: unknown) => void): void;
}

/** `FileInfo` and what core keeps to itself. `lastModified` has the precision that the capabilities declare. */
export interface ObjectInfo extends FileInfo {
  /** Proof of ownership that was stored by `put`, `copy` or `complete` (contract 39). */
  readonly token?: string;
}

export interface ExistsRequest {
  readonly key: string;
}

export interface HeadRequest {
  readonly key: string;
  readonly versionId?: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** Bytes from `start` up to, not including, `end`, which is greater; or the last `suffix` (at least 1) bytes. */
export type DriverRange = { readonly start: number; readonly end?: number } | { readonly suffix: number };

export interface GetRequest extends HeadRequest {
  readonly range?: DriverRange;
  readonly ifModifiedSince?: Date;
  readonly ifUnmodifiedSince?: Date;
}

export interface GetResponse {
  readonly info: ObjectInfo;
  /** The bytes that follow: from `start` up to, not including, `end`. The whole object: 0 to its size. */
  readonly range: { readonly start: number; readonly end: number };
  /** Bytes at once where the driver has them in memory, otherwise a stream. */
  readonly body: Uint8Array | BodyStream;
}

/**
 * A body on its way. Iterated at most once. `cancel`, and `return` of its iterator, free the connection or handle;
 * so does its end. Chunks belong to the reader. It rejects if it cannot deliver every byte.
 */
export interface BodyStream extends AsyncIterable<Uint8Array> {
  cancel(): Promise<void>;
  /**
   * Reads the next bytes to the beginning of `target`, and resolves with how many there are; 0 is the end. A body is
   * either iterated or read, never both. For drivers that read into memory of their choice anyway: a download to a
   * file then uses the same memory from its first byte to its last.
   */
  read?(target: Uint8Array): Promise<number>;
}

/** What a write sends. */
export interface UploadBody {
  /** Exact number of bytes, where it is known. */
  readonly size: number | undefined;
  /** All bytes, when they are in memory already; each piece as it is, in order. */
  readonly pieces?: readonly Uint8Array[];
  /**
   * The bytes as a stream; core counts and verifies them as they pass. When they are wrong it throws here before it
   * hands over the last byte of a known size: a service commits as soon as it has the bytes that were announced.
   * `target` tells where the next bytes may be put, and is asked before each chunk; one that is read from a file is
   * the beginning of it, any other is memory of its own.
   */
  open(target?: () => Uint8Array): AsyncIterable<Uint8Array>;
}

/** Condition of a write; at most one member is set. */
export interface WriteCondition {
  readonly ifAbsent?: true;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

/** What is stored beside the bytes. */
export interface ObjectAttributes {
  readonly headers: ContentHeaders;
  /** Complete; returned by `head` exactly as given, in spelling, values and number. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly tier?: string;
  /** Stored with the object, returned by `head` as `token`, and shown nowhere else. */
  readonly token?: string;
}

export interface PutRequest {
  readonly key: string;
  readonly body: UploadBody;
  readonly attributes: ObjectAttributes;
  readonly condition: WriteCondition;
  /** Checksum that the caller declared; core has verified or will verify it, the driver may send it along. */
  readonly checksum?: Checksum;
  /** `'none'`: no checksum on the wire. */
  readonly integrity: 'default' | 'none';
  /** To be called with the bytes sent so far, where the driver can tell better than the body's consumption. */
  readonly onProgress?: (sentBytes: number) => void;
  /** The input of the SDK, on the SDK path. */
  readonly native?: unknown;
}

/** What the response of a write says. The same values as of an immediate `head`. */
export interface PutResponse {
  readonly size: number;
  readonly etag: string;
  readonly lastModified?: Date;
  readonly versionId?: string;
  readonly checksum?: Checksum;
  readonly tier?: string;
  readonly encryption?: Encryption;
}

export interface RemoveRequest {
  readonly key: string;
  readonly versionId?: string;
  readonly ifMatch?: string;
  readonly mustExist?: true;
}

export type RemoveResponse = Omit<DeleteResult, 'key'>;

export interface RemoveManyRequest {
  readonly keys: readonly string[];
}

/** Outcome of one key of a batch. `error` is what `classify` understands. */
export type RemoveOutcome = RemoveResponse | { readonly error: unknown };

export interface ListRequest {
  /** A plain string prefix; `''` for all. */
  readonly prefix: string;
  readonly delimiter?: '/';
  /** Exclusive; need not exist. Only on the first page. With a delimiter, a prefix that is equal or contains it is passed. */
  readonly startAfter?: string;
  /** From the page before, of the same query: core hands back only what this driver returned. */
  readonly cursor?: string;
  /** 1 to `maxPageSize`. */
  readonly limit: number;
  /** `'metadata'` only where `listMetadata` is `native`. */
  readonly include?: readonly 'metadata'[];
}

export type ListResponse = FilePage;

/** Uploads in parts: invisible until `complete`. */
export interface MultipartMember {
  /** Opens a session. `uploadId` is a string that another process can use. */
  create(request: CreateUploadRequest, context: CallContext): Promise<{ readonly uploadId: string }>;
  /** Stores one part, 1-based; the same number again replaces it. */
  putPart(request: PutPartRequest, context: CallContext): Promise<PartReceipt>;
  /**
   * Commits the parts in the order given. A part that is missing or not as its receipt says rejects
   * `InvalidArgument`, and the object stays as it was. The condition is enforced as in `put`. A session that is
   * gone rejects `NotFound`; one that lost to another (`first-complete-wins`) rejects `Conflict`.
   */
  complete(request: CompleteUploadRequest, context: CallContext): Promise<PutResponse>;
  /** Ends a session and frees its parts; one that is gone resolves. */
  abort(request: UploadRequest, context: CallContext): Promise<void>;
  /** Parts stored so far, ascending by number; a session that is gone rejects `NotFound`. */
  listParts(request: UploadRequest & { readonly cursor?: string }, context: CallContext): Promise<PartPage>;
  /** Unfinished sessions (capability `listIncomplete`), of one exact key where it is given. */
  listIncomplete?(
    request: { readonly key?: string; readonly cursor?: string },
    context: CallContext,
  ): Promise<IncompletePage>;
}

export interface CreateUploadRequest {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly integrity: 'default' | 'none';
  readonly native?: unknown;
}

export interface UploadRequest {
  readonly key: string;
  readonly uploadId: string;
}

export interface PutPartRequest extends UploadRequest {
  readonly partNumber: number;
  readonly body: UploadBody & { readonly size: number };
  readonly integrity: 'default' | 'none';
  /** As in `put`; owed by a driver that sends `body.pieces` itself: a slow connection is not an idle one. */
  readonly onProgress?: (sentBytes: number) => void;
}

/** Proof of a stored part. Plain JSON. */
export interface PartReceipt {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum?: Checksum;
}

export interface CompleteUploadRequest extends UploadRequest {
  readonly parts: readonly PartReceipt[];
  /** The same as at `create`: some services store them only now. */
  readonly attributes: ObjectAttributes;
  readonly condition: WriteCondition;
}

export interface PartPage {
  readonly parts: readonly PartReceipt[];
  readonly cursor?: string;
}

/** A session that was opened and neither completed nor aborted. */
export interface IncompleteUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

export interface IncompletePage {
  readonly uploads: readonly IncompleteUpload[];
  readonly cursor?: string;
}

export interface CopyRequest {
  readonly source: { readonly key: string; readonly versionId?: string; readonly ifMatch?: string };
  readonly key: string;
  /** Set: replaces headers and metadata. Not set: the source's are kept, tags too. */
  readonly attributes?: ObjectAttributes;
  /** Stored as `attributes.token` would be, in place of the source's, which is never copied. */
  readonly token?: string;
  readonly tier?: string;
  readonly condition: WriteCondition;
  /** Set when the source was found unchanged: saves a request where the service needs its size first. */
  readonly sourceInfo?: ObjectInfo;
}

export interface SetMetadataRequest {
  readonly key: string;
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ifMatch?: string;
}

export interface SignRequest {
  readonly key: string;
  readonly method: SignMethod;
  /** Seconds, within `sign.maxExpiresIn`. */
  readonly expiresIn: number;
  readonly versionId?: string;
  readonly contentType?: string;
  readonly contentLength?: number;
  readonly checksum?: Checksum;
  readonly ifAbsent?: true;
  readonly responseContentType?: string;
  readonly responseContentDisposition?: string;
}

/** A request that anyone may send until it expires. */
export interface SignedRequest {
  readonly method: SignMethod;
  readonly url: string;
  /** Headers that must be sent with it, exactly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export interface SignFormRequest {
  readonly key: string;
  readonly expiresIn: number;
  readonly contentType?: string;
  readonly minSize: number;
  readonly maxSize: number;
}

/** An HTML form that uploads to one key: fields in order, then the file as `file`. */
export interface SignedForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export interface VersionsMember {
  /** Revisions of exactly this key, newest first, deletions included. */
  list(
    request: { readonly key: string; readonly limit: number; readonly cursor?: string },
    context: CallContext,
  ): Promise<{ readonly versions: readonly FileVersion[]; readonly cursor?: string }>;
  /** Makes an earlier version the current one again, as a new revision. A missing version rejects `NotFound`. */
  restore(request: { readonly key: string; readonly versionId: string }, context: CallContext): Promise<PutResponse>;
  /**
   * Brings a deleted object back as its newest version was (capability `undelete`).
   * An object that is there resolves with itself; nothing to bring back rejects `NotFound`.
   */
  undelete?(request: { readonly key: string }, context: CallContext): Promise<PutResponse>;
}

export interface TiersMember {
  /** Moves an object to a tier, without sending its body. */
  set(
    request: { readonly key: string; readonly tier: string; readonly versionId?: string },
    context: CallContext,
  ): Promise<ObjectInfo>;
  /** Asks for an archived object to be readable for `days` (capability `archiveTiers`). */
  restore?(
    request: { readonly key: string; readonly days: number; readonly priority?: string; readonly tier?: string },
    context: CallContext,
  ): Promise<ObjectInfo>;
}

export interface TagsMember {
  get(
    request: { readonly key: string; readonly versionId?: string },
    context: CallContext,
  ): Promise<Record<string, string>>;
  /** Replaces all tags. */
  set(
    request: { readonly key: string; readonly tags: Readonly<Record<string, string>> },
    context: CallContext,
  ): Promise<void>;
}

export type { Capabilities, Classification, FileEntry, FileVersion, SignMethod, StoreState };
