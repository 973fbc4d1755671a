import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type CopyRequest, checkMatch, checkWrite } from '@storage/core/driver';
import { type Content, commitFile, type FileRow, findFile, getFile } from './file-row.ts';

/** Copies a file, body and all. In a transaction. */
export function copyFile(database: DatabaseSync, request: CopyRequest): FileRow {
  const source = findSource(database, request);
  const body = randomUUID();
  database.prepare('INSERT INTO chunks SELECT ?, number, bytes FROM chunks WHERE body = ?').run(body, source.body);
  return commitFile(database, request.key, { ...contentOf(source, request), body });
}

/** Gives a file another key; its body stays where it is. In a transaction. */
export function moveFile(database: DatabaseSync, request: CopyRequest): FileRow {
  const source = findSource(database, request);
  if (source.key === request.key) return source;
  database.prepare('DELETE FROM files WHERE key = ?').run(source.key);
  return commitFile(database, request.key, contentOf(source, request));
}

function findSource(database: DatabaseSync, { source, key, condition }: CopyRequest): FileRow {
  const file = getFile(database, source.key);
  checkMatch(file, source.ifMatch);
  checkWrite(findFile(database, key), condition);
  return file;
}

function contentOf({ body, size, crc32, attributes }: FileRow, request: CopyRequest): Content {
  const { headers, metadata } = request.attributes ?? attributes;
  // The source's own would make its writer take the copy for its own work.
  const token = request.token ?? request.attributes?.token;
  return { body, size, crc32, attributes: { headers, metadata, ...(token !== undefined && { token }) } };
}
