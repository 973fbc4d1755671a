import type { Readable } from 'node:stream';
import type { BlobRequestConditions } from '@azure/storage-blob';
import type { BodyStream, UploadBody } from '@storage/core/driver';
import type { WrittenAttributes } from './attributes.ts';
import type { BlobAnswer } from './object-info.ts';

/** A blob, or one version of it. */
interface BlobTarget {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** The answers to Get Blob Properties and Get Blob. */
interface ReadAnswer extends BlobAnswer {
  readonly contentLength?: number;
  readonly contentMD5?: Uint8Array;
}

export interface DownloadInput {
  /** Bytes from `start` up to, not including, `end`. */
  readonly range?: { readonly start: number; readonly end?: number } | undefined;
  readonly conditions: BlobRequestConditions;
}

export interface DownloadAnswer extends ReadAnswer {
  readonly contentRange?: string;
  /** The MD5 of the whole blob, where the bytes are of a part. */
  readonly blobContentMD5?: Uint8Array;
  readonly body: Readable;
}

export interface UploadInput extends Partial<WrittenAttributes> {
  readonly conditions: BlobRequestConditions;
  readonly transactionalContentMD5?: Uint8Array;
  /** More options of the SDK, which then sends it. */
  readonly native?: object | undefined;
}

export interface UploadAnswer {
  readonly etag?: string;
  readonly lastModified?: Date;
  readonly versionId?: string;
  readonly contentMD5?: Uint8Array;
}

interface BlockInput {
  readonly id: string;
  readonly transactionalContentMD5?: Uint8Array;
}

/** Put Block List: what the blob is made of, and what is stored beside it. */
interface CommitInput extends WrittenAttributes {
  readonly ids: readonly string[];
  readonly conditions: BlobRequestConditions;
}

export interface ListInput {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly limit: number;
  readonly marker: string | undefined;
  readonly includeMetadata: boolean;
}

export interface ListedBlob {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly properties: {
    readonly contentLength?: number;
    readonly contentType?: string;
    readonly etag: string;
    readonly lastModified: Date;
    readonly accessTier?: string;
  };
}

export interface Listing {
  readonly blobs: readonly ListedBlob[];
  readonly prefixes: readonly string[];
  /** `''`: it was the last page. */
  readonly marker: string;
}

/** A body of known size. */
export type SizedBody = UploadBody & { readonly size: number };

/**
 * The requests that most calls consist of, in the words of the SDK: sent by the SDK, or directly. Both reject with an
 * error as the SDK makes it, and for the same reasons.
 */
export interface Verbs {
  getProperties(target: BlobTarget, conditions: BlobRequestConditions, signal: AbortSignal): Promise<ReadAnswer>;
  download(target: BlobTarget, input: DownloadInput, signal: AbortSignal): Promise<DownloadAnswer>;
  upload(target: BlobTarget, input: UploadInput, body: SizedBody, signal: AbortSignal): Promise<UploadAnswer>;
  stageBlock(target: BlobTarget, input: BlockInput, body: SizedBody, signal: AbortSignal): Promise<void>;
  commitBlocks(target: BlobTarget, input: CommitInput, signal: AbortSignal): Promise<UploadAnswer>;
  deleteBlob(target: BlobTarget, conditions: BlobRequestConditions, signal: AbortSignal): Promise<void>;
  listBlobs(input: ListInput, signal: AbortSignal): Promise<Listing>;
  /** The body of a download as the contract wants it: what ends it early is named. */
  toStream(body: Readable): BodyStream;
  /** Names what a body failed with. */
  named(error: unknown): unknown;
}
