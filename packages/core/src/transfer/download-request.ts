import type { DriverRange } from '../driver.ts';
import type { Progress } from '../options.ts';

/** A read whose options were checked. */
export interface DownloadRequest {
  readonly key: string;
  readonly versionId?: string;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: Date;
  readonly ifUnmodifiedSince?: Date;
  /** May hold no byte (`start` equal to `end`, `suffix` 0), which drivers need not understand. */
  readonly range?: DriverRange;
  readonly integrity: 'default' | 'none';
  readonly onProgress?: (progress: Progress) => void;
}

/** Bytes of an object, `end` not included. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}
