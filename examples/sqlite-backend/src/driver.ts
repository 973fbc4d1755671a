import type { DatabaseSync } from 'node:sqlite';
import { type CallContext, checkMatch, checkRead, type StorageDriver } from '@storage/core/driver';
import { sqliteCapabilities } from './capabilities.ts';
import { copyFile, moveFile } from './copy.ts';
import { connect, create, transaction } from './database.ts';
import { classify, notFound } from './errors.ts';
import { commitFile, dropFile, findFile, getFile, toInfo, toResponse } from './file-row.ts';
import { listPage } from './list-page.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Where the database is, and whether it may be made. Not checked: that is `SqliteBackend`'s part. */
export interface SqliteDriverOptions {
  readonly path: string;
  readonly create: boolean;
}

/** The conversation with one database file. */
export function createSqliteDriver(options: SqliteDriverOptions): StorageDriver<DatabaseSync> {
  const { path } = options;
  let opened: DatabaseSync | undefined;

  /** How every call comes to the database: not at all once it is aborted. */
  const reach = ({ signal }: CallContext): DatabaseSync => {
    signal.throwIfAborted();
    return (opened ??= connect(path));
  };

  return {
    driverApi: 1,
    type: 'sqlite',
    capabilities: sqliteCapabilities,

    // Opening sends no request; the file is opened by the first call, and may be made by the first write.
    async open() {},

    async check(context) {
      reach(context);
    },

    async head(request, context) {
      const file = getFile(reach(context), request.key);
      checkRead(file, request);
      return toInfo(file);
    },

    async get(request, context) {
      return read(path, request, context);
    },

    async put(request, context) {
      return write(path, request, context);
    },

    async remove({ key, ifMatch, mustExist }, context) {
      const database = reach(context);
      return transaction(database, () => {
        const file = findFile(database, key);
        checkMatch(file, ifMatch);
        if (file === undefined && mustExist === true) throw notFound();
        if (file !== undefined) dropFile(database, file);
        return { existed: file !== undefined };
      });
    },

    async listPage(request, context) {
      return listPage(reach(context), request);
    },

    async copy(request, context) {
      const database = reach(context);
      return toResponse(transaction(database, () => copyFile(database, request)));
    },

    async move(request, context) {
      const database = reach(context);
      return toResponse(transaction(database, () => moveFile(database, request)));
    },

    async setMetadata({ key, headers, metadata, ifMatch }, context) {
      const database = reach(context);
      return transaction(database, () => {
        const file = getFile(database, key);
        checkMatch(file, ifMatch);
        return toInfo(commitFile(database, key, { ...file, attributes: { ...file.attributes, headers, metadata } }));
      });
    },

    ...(options.create && {
      async createBucket({ signal }: CallContext) {
        signal.throwIfAborted();
        create(path);
      },
    }),

    async state(context) {
      reach(context);
      return { versioning: 'off' };
    },

    async native() {
      return (opened ??= connect(path));
    },

    async close() {
      opened?.close();
    },

    classify,
  };
}
