import type { Checksum, ContentHeaders, FileEntry, ObjectInfo } from '@storage/core/driver';
import { etagOf, lastModifiedOf, type Stamp } from './stamp.ts';

/** What a write decides about an object, besides its bytes. */
export interface Content {
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly token?: string | undefined;
}

/** Everything known of one revision of an object but its bytes. */
export interface FileRecord extends Stamp, Content {
  /** Names the revision; the version id. */
  readonly revision: string;
  /** Eight hexadecimal digits; not known of a file that was placed by hand. */
  readonly crc32?: string | undefined;
  /** What it will be numbered as a version, where that is known without a look at the others. */
  readonly number?: number | undefined;
}

const defaultContentType = 'application/octet-stream';

/** The record of a file that was placed by hand: it says what the file itself does. */
export function recordByHand(stamp: Stamp): FileRecord {
  const revision = `0${stamp.inode.toString(36)}0${stamp.modified.toString(36)}0${stamp.size.toString(36)}`;
  return { ...stamp, revision, headers: { contentType: defaultContentType }, metadata: {} };
}

export function infoOf(key: string, record: FileRecord, versioned: boolean): ObjectInfo {
  const checksum = checksumOf(record);
  return {
    key,
    size: record.size,
    etag: etagOf(record),
    lastModified: lastModifiedOf(record),
    ...record.headers,
    metadata: { ...record.metadata },
    ...(versioned && { versionId: record.revision }),
    ...(checksum !== undefined && { checksum }),
    ...(record.token !== undefined && { token: record.token }),
  };
}

export function entryOf(key: string, stamp: Stamp): FileEntry {
  return { key, size: stamp.size, etag: etagOf(stamp), lastModified: lastModifiedOf(stamp) };
}

export function checksumOf({ crc32 }: FileRecord): Checksum | undefined {
  return crc32 === undefined ? undefined : { algorithm: 'crc32', value: crc32 };
}

/** Whether a value that was read from disk has what every record has. */
export function isRecord(value: unknown): value is FileRecord {
  const record = value as Partial<FileRecord> | null | undefined;
  return (
    typeof record?.revision === 'string' &&
    typeof record.size === 'number' &&
    typeof record.inode === 'number' &&
    typeof record.modified === 'number' &&
    typeof record.headers?.contentType === 'string' &&
    typeof record.metadata === 'object'
  );
}
