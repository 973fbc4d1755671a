import type { Capabilities, SignMethod, When } from './capabilities.ts';
import type { StorageError } from './errors/storage-error.ts';
import type { Checksum } from './file-info.ts';

/** What every method takes. */
export interface BaseOptions {
  /** Ends the call at once; it rejects `Aborted` with the signal's reason as cause. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the whole call may take, retries included; then it rejects `Timeout`. */
  readonly timeoutMs?: number | undefined;
}

/** Bytes done so far; `totalBytes` where it is known. */
export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
}

/** A checksum as it may be declared: `value` in hexadecimal or base64. */
export type DeclaredChecksum = Checksum;

/** Headers and metadata to store. */
export interface AttributeOptions {
  /** @default the type of a Blob or File, else `application/octet-stream` */
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  /** Names match `[A-Za-z_][A-Za-z0-9_-]*`; about 2,000 bytes in all are portable. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** How bytes are sent. */
export interface TransferOptions {
  /** Called as bytes are sent or received. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Bytes of a part. @default 8 MiB, growing so that the limit on parts never binds */
  readonly partSize?: number | undefined;
  /** Parts on the way at once. @default 4 */
  readonly concurrency?: number | undefined;
}

/** Condition and placement of a write, as far as the backend claims them. */
export type ConditionalWrite<C extends Capabilities> = When<
  C['ifAbsentPut'],
  { readonly ifAbsent?: boolean | undefined }
> &
  When<C['ifMatchPut'], { readonly ifMatch?: string | undefined }> &
  When<C['ifNoneMatchPut'], { readonly ifNoneMatch?: string | undefined }>;

export type SaveOptions<C extends Capabilities = Capabilities> = BaseOptions &
  AttributeOptions &
  TransferOptions &
  ConditionalWrite<C> &
  When<C['tags'], { readonly tags?: Readonly<Record<string, string>> | undefined }> &
  When<C['tiers'], { readonly tier?: string | undefined }> & {
    /** Exact bytes of the body; more or fewer reject `LengthMismatch` and nothing is stored. */
    readonly size?: number | undefined;
    /** Most bytes that the body may have; more reject `LengthMismatch` and nothing is stored. */
    readonly maxSize?: number | undefined;
    /** Checksum of the body; another one rejects `ChecksumMismatch` and nothing is stored. */
    readonly checksum?: DeclaredChecksum | undefined;
    /** `'none'` sends no checksum. @default 'default' */
    readonly integrity?: 'default' | 'none' | undefined;
    /** Input of the SDK that this library has no name for; typed by the backend. */
    readonly native?: unknown;
  };

/** Bytes of an object: `start` (inclusive) to `end` (exclusive) or for `length`; or the last `suffix`. */
export type ByteRange =
  | { readonly start: number; readonly end?: number | undefined; readonly length?: undefined }
  | { readonly start: number; readonly length?: number | undefined; readonly end?: undefined }
  | { readonly suffix: number };

export type ReadConditions<C extends Capabilities = Capabilities> = {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
} & When<C['versions'], { readonly versionId?: string | undefined }>;

export type RetrieveOptions<C extends Capabilities = Capabilities> = BaseOptions &
  ReadConditions<C> &
  When<
    C['modifiedSinceRead'],
    { readonly ifModifiedSince?: Date | undefined; readonly ifUnmodifiedSince?: Date | undefined }
  > & {
    readonly range?: ByteRange | undefined;
    /** `'none'` does not verify the stored checksum. @default 'default' */
    readonly integrity?: 'default' | 'none' | undefined;
    readonly onProgress?: ((progress: Progress) => void) | undefined;
  };

export type HeadOptions<C extends Capabilities = Capabilities> = BaseOptions & ReadConditions<C>;

export type DeleteOptions<C extends Capabilities = Capabilities> = BaseOptions &
  When<C['ifMatchDelete'], { readonly ifMatch?: string | undefined }> &
  When<C['mustExistDelete'], { readonly mustExist?: boolean | undefined }> &
  When<C['versions'], { readonly versionId?: string | undefined }>;

export type CopyOptions<C extends Capabilities = Capabilities> = BaseOptions &
  AttributeOptions &
  When<C['ifAbsentCopy'], { readonly ifAbsent?: boolean | undefined }> &
  When<C['ifMatchCopy'], { readonly ifMatch?: string | undefined }> &
  When<C['sourceIfMatchCopy'], { readonly sourceIfMatch?: string | undefined }> &
  When<C['versions'], { readonly sourceVersionId?: string | undefined }> &
  When<C['tags'], { readonly tags?: Readonly<Record<string, string>> | undefined }> &
  When<C['tiers'], { readonly tier?: string | undefined }>;

/** A metadata change: a string sets, `null` removes. */
export type MetadataPatch = Readonly<Record<string, string | null>>;

export type UpdateMetadataOptions<C extends Capabilities = Capabilities> = BaseOptions &
  Omit<AttributeOptions, 'metadata'> &
  When<C['ifMatchMetadata'], { readonly ifMatch?: string | undefined }> & {
    /** Replace all metadata instead of merging. @default false */
    readonly replace?: boolean | undefined;
  };

export interface ListOptions extends BaseOptions {
  /** Exclusive; need not exist. */
  readonly startAfter?: string | undefined;
  readonly include?: readonly 'metadata'[] | undefined;
}

export interface ListFilesOptions extends ListOptions {
  /** Most entries. @default all, up to 10,000; beyond that it rejects and names `walk` */
  readonly limit?: number | undefined;
}

export interface WalkOptions extends ListOptions {
  /** Entries asked for at a time. @default 1,000 */
  readonly pageSize?: number | undefined;
}

export interface ListPageOptions extends ListOptions {
  readonly prefix?: string | undefined;
  readonly delimiter?: '/' | undefined;
  readonly cursor?: string | undefined;
  /** @default 1,000 */
  readonly limit?: number | undefined;
}

export interface DeleteManyOptions extends BaseOptions {
  /** Requests on the way at once. @default 8 */
  readonly concurrency?: number | undefined;
}

export interface DeletePrefixOptions extends DeleteManyOptions {
  /** Must be true to delete everything with the empty prefix. @default false */
  readonly allowAll?: boolean | undefined;
}

/** Outcome of one key of `deleteMany`. */
export type DeleteOutcome =
  | { readonly key: string; readonly ok: true; readonly existed: boolean | undefined }
  | { readonly key: string; readonly ok: false; readonly error: StorageError };

/** What `deletePrefix` resolves to. */
export interface DeletePrefixResult {
  readonly deleted: number;
  readonly failed: readonly Extract<DeleteOutcome, { readonly ok: false }>[];
}

export interface GetUrlOptions extends BaseOptions {
  /** Seconds. @default 900 */
  readonly expiresIn?: number | undefined;
  readonly versionId?: string | undefined;
  readonly responseContentType?: string | undefined;
  readonly responseContentDisposition?: string | undefined;
}

export interface SignRequestOptions extends GetUrlOptions {
  /** @default 'GET' */
  readonly method?: SignMethod | undefined;
  readonly contentType?: string | undefined;
  readonly contentLength?: number | undefined;
  readonly checksum?: DeclaredChecksum | undefined;
  readonly ifAbsent?: boolean | undefined;
}

export interface UploadFormOptions extends BaseOptions {
  /** Seconds. @default 900 */
  readonly expiresIn?: number | undefined;
  readonly contentType?: string | undefined;
  /** Bytes. @default 0 */
  readonly minSize?: number | undefined;
  /** Bytes. */
  readonly maxSize: number;
}

export type UploadOptions<C extends Capabilities = Capabilities> = BaseOptions &
  AttributeOptions &
  ConditionalWrite<C> &
  When<C['tags'], { readonly tags?: Readonly<Record<string, string>> | undefined }> &
  When<C['tiers'], { readonly tier?: string | undefined }> & {
    readonly integrity?: 'default' | 'none' | undefined;
    readonly native?: unknown;
  };

export type UploadFileOptions<C extends Capabilities = Capabilities> = SaveOptions<C> & {
  /** Token of an upload that was cut, from `onToken`; parts that are there are not sent again. */
  readonly resume?: string | undefined;
  /** Called when an upload in parts begins, with the token that resumes it. */
  readonly onToken?: ((token: string) => void) | undefined;
};

export type DownloadFileOptions<C extends Capabilities = Capabilities> = RetrieveOptions<C> & {
  readonly partSize?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Continue what an earlier, cut download left beside `path`. @default true */
  readonly resume?: boolean | undefined;
};

export interface CleanupOptions extends BaseOptions {
  /** Only uploads begun at least so long ago: milliseconds, or `'1h'`, `'7d'`. */
  readonly olderThan: number | string;
  /** Only uploads to this key; needed where the service lists by key only. */
  readonly key?: string | undefined;
}

export interface VersionsOptions extends BaseOptions {
  /** Most versions. @default 1,000 */
  readonly limit?: number | undefined;
}

export interface RestoreArchivedOptions extends BaseOptions {
  /** Days for which the object stays readable. @default 1 */
  readonly days?: number | undefined;
  readonly priority?: string | undefined;
  readonly tier?: string | undefined;
}
