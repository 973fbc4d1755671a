import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { missingFile } from './errors.ts';

/** Bytes of every chunk of a body but the last. */
export const chunkBytes = 256 * 1024;

// A body is rows of its own: it can be read and written piece by piece, and metadata changes without touching it.
const schema = `
  CREATE TABLE IF NOT EXISTS files (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    size INTEGER NOT NULL,
    crc32 TEXT NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    attributes TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS chunks (
    body TEXT NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (body, number)
  ) STRICT;
`;

/** Opens the database, which must be there. */
export function connect(path: string): DatabaseSync {
  if (!existsSync(path)) throw missingFile(path);
  return open(path);
}

/** Makes the database; one that is there stays as it is. */
export function create(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  open(path).close();
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    // Readers see the state of their beginning while others write.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(schema);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Runs `work` in a transaction that nobody else's writes come between. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
