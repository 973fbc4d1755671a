import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { FileEntry, ListRequest, ObjectAttributes, ObjectInfo, PutResponse } from '@storage/core/driver';
import { notFound } from './errors.ts';

/** What a file has beside its bytes and its name: its body is the chunks of that name. */
export interface Content {
  readonly body: string;
  readonly size: number;
  readonly crc32: string;
  readonly attributes: Pick<ObjectAttributes, 'headers' | 'metadata' | 'token'>;
}

/** A file as it was committed. */
export interface FileRow extends Content {
  readonly key: string;
  readonly etag: string;
  readonly lastModified: Date;
}

export function findFile(database: DatabaseSync, key: string): FileRow | undefined {
  return toFile(database.prepare('SELECT * FROM files WHERE key = ?').get(key));
}

export function getFile(database: DatabaseSync, key: string): FileRow {
  const file = findFile(database, key);
  if (file === undefined) throw notFound();
  return file;
}

/** The first file at or after a key, in the order of UTF-8 bytes, which is how SQLite compares. */
export function firstFrom(database: DatabaseSync, key: string): FileRow | undefined {
  return toFile(database.prepare('SELECT * FROM files WHERE key >= ? ORDER BY key LIMIT 1').get(key));
}

/** Makes `content` the file of a key, as a new revision, and drops the body that it replaces. In a transaction. */
export function commitFile(database: DatabaseSync, key: string, content: Content): FileRow {
  const replaced = findFile(database, key)?.body;
  if (replaced !== undefined && replaced !== content.body) dropBody(database, replaced);
  const file: FileRow = { ...content, key, etag: `"${randomUUID()}"`, lastModified: new Date() };
  database
    .prepare(
      'INSERT OR REPLACE INTO files (key, body, size, crc32, etag, modified, attributes) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      key,
      file.body,
      file.size,
      file.crc32,
      file.etag,
      file.lastModified.getTime(),
      JSON.stringify(file.attributes),
    );
  return file;
}

/** Deletes a file with its body. In a transaction. */
export function dropFile(database: DatabaseSync, { key, body }: FileRow): void {
  dropBody(database, body);
  database.prepare('DELETE FROM files WHERE key = ?').run(key);
}

function dropBody(database: DatabaseSync, body: string): void {
  database.prepare('DELETE FROM chunks WHERE body = ?').run(body);
}

function toFile(row: Record<string, unknown> | undefined): FileRow | undefined {
  if (row === undefined) return undefined;
  const { key, body, size, crc32, etag, modified, attributes } = row;
  return {
    key: String(key),
    body: String(body),
    size: Number(size),
    crc32: String(crc32),
    etag: String(etag),
    lastModified: new Date(Number(modified)),
    attributes: JSON.parse(String(attributes)) as Content['attributes'],
  };
}

/** Everything known of a file. */
export function toInfo(file: FileRow): ObjectInfo {
  const { key, size, etag, lastModified, attributes } = file;
  const { headers, metadata, token } = attributes;
  return {
    key,
    size,
    etag,
    lastModified,
    ...headers,
    metadata,
    checksum: checksumOf(file),
    ...(token !== undefined && { token }),
  };
}

/** What the writer of a file is told. */
export function toResponse(file: FileRow): PutResponse {
  const { size, etag, lastModified } = file;
  return { size, etag, lastModified, checksum: checksumOf(file) };
}

/** A file as a line of a listing. */
export function toEntry(
  { key, size, etag, lastModified, attributes }: FileRow,
  include: ListRequest['include'],
): FileEntry {
  const { metadata, headers } = attributes;
  return {
    key,
    size,
    etag,
    lastModified,
    ...(include?.includes('metadata') && { metadata, contentType: headers.contentType }),
  };
}

function checksumOf({ crc32 }: Content): { readonly algorithm: 'crc32'; readonly value: string } {
  return { algorithm: 'crc32', value: crc32 };
}
