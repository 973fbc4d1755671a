import type { UploadSource } from '../body/upload-source.ts';
import type { ObjectAttributes, WriteCondition } from '../driver.ts';
import type { Checksum } from '../file-info.ts';
import type { Progress } from '../options.ts';

/** A write whose options were checked. */
export interface UploadRequest {
  readonly key: string;
  readonly source: UploadSource;
  /** Without `token`: the engine adds it where a write must know itself again. */
  readonly attributes: ObjectAttributes;
  readonly condition: WriteCondition;
  /** Declared number of bytes. */
  readonly size?: number;
  readonly maxSize?: number;
  readonly checksum?: Checksum;
  readonly integrity: 'default' | 'none';
  readonly native?: unknown;
  /** Bytes; raised to what the service needs. */
  readonly partSize?: number;
  /** Parts on the way at once. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Parts on the way at once unless the caller says otherwise. */
export const defaultConcurrency = 4;
