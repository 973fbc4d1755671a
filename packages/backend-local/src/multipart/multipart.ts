import {
  type CallContext,
  type CompleteUploadRequest,
  DriverFault,
  type IncompletePage,
  type MultipartMember,
  type PartReceipt,
  type PutPartRequest,
} from '@storage/core/driver';
import { hasCode } from '../disk/calls.ts';
import { run } from '../disk/run.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import { commit } from '../object/commit.ts';
import { checkWrite } from '../object/conditions.ts';
import { seeCurrent } from '../object/open.ts';
import { contentOf, respondTo } from '../object/put.ts';
import type { FileRecord } from '../object/record.ts';
import { newRevision } from '../object/revision.ts';
import { stagePieces, stageStream } from '../object/stage.ts';
import { discard } from '../object/staging.ts';
import { place, type Store } from '../store.ts';
import { concatenate } from './concatenate.ts';
import {
  addPart,
  createSession,
  endSession,
  openSession,
  openSessions,
  type Part,
  partsOf,
  readSession,
  uploadGone,
} from './session.ts';

/** Uploads in parts: they lie in the private directory until `complete` makes one file of them. */
export function createMultipart(store: Store): Required<MultipartMember> {
  return {
    async create({ key, attributes }) {
      return { uploadId: await run(store.pace, createSession(store, key, attributes)) };
    },

    putPart: (request, context) => putPart(store, request, context),

    async complete(request, { signal }) {
      return respondTo(store, await run(store.pace, complete(store, request, signal)));
    },

    async abort({ key, uploadId }, { signal }) {
      // Under the lock of the key: a `complete` that is under way has committed, or will not.
      await run(
        store.pace,
        locked(store, place(store, key).lock, signal, function* () {
          if ((yield* readSession(store, uploadId))?.key === key) yield* endSession(store, uploadId);
        }),
      );
    },

    async listParts(request) {
      return run(
        store.pace,
        (function* () {
          yield* openSession(store, request);
          return { parts: (yield* partsOf(store, request.uploadId)).map((part) => part.receipt) };
        })(),
      );
    },

    listIncomplete: ({ key }) => run(store.pace, listIncomplete(store, key)),
  };
}

async function putPart(store: Store, request: PutPartRequest, { signal }: CallContext): Promise<PartReceipt> {
  const { uploadId, partNumber, body } = request;
  await run(store.pace, openSession(store, request));
  const staged =
    body.pieces === undefined
      ? await stageStream(store, body, signal)
      : await run(store.pace, stagePieces(store, body.pieces, signal));
  const checksum = { algorithm: 'crc32', value: staged.crc32 } as const;
  const receipt = { partNumber, size: staged.size, etag: `"${newRevision()}"`, checksum };
  try {
    signal.throwIfAborted();
    await run(store.pace, addPart(store, uploadId, staged.path, receipt));
    return receipt;
  } catch (error) {
    await run(store.pace, discard(staged));
    throw error;
  }
}

function* complete(store: Store, request: CompleteUploadRequest, signal: AbortSignal): Task<FileRecord> {
  const { key, uploadId, condition, attributes } = request;
  const where = place(store, key);
  yield* openSession(store, request);
  const parts = matching(yield* partsOf(store, uploadId), request.parts);
  checkWrite(yield* seeCurrent(store, where, signal), condition);

  let staged: Awaited<ReturnType<typeof stageStream>>;
  try {
    staged = yield* concatenate(store, parts, signal);
  } catch (error) {
    // Aborted meanwhile: its parts are gone.
    throw hasCode(error, 'ENOENT') ? uploadGone() : error;
  }
  const record = yield* commit(
    store,
    where,
    { staged, condition, content: contentOf(attributes), guard: () => stillOpen(store, request) },
    signal,
  );
  yield* endSession(store, uploadId);
  return record;
}

function* stillOpen(store: Store, request: CompleteUploadRequest): Task<void> {
  yield* openSession(store, request);
}

function* listIncomplete(store: Store, key: string | undefined): Task<IncompletePage> {
  const uploads = [];
  for (const uploadId of yield* openSessions(store)) {
    const session = yield* readSession(store, uploadId);
    if (session === undefined || (key !== undefined && session.key !== key)) continue;
    uploads.push({ key: session.key, uploadId, startedAt: new Date(session.startedAt) });
  }
  return { uploads };
}

function matching(parts: readonly Part[], receipts: readonly PartReceipt[]): Part[] {
  return receipts.map((receipt) => {
    const part = parts.find((candidate) => candidate.receipt.etag === receipt.etag);
    const isSame = part?.receipt.partNumber === receipt.partNumber && part.receipt.size === receipt.size;
    if (part !== undefined && isSame) return part;
    throw new DriverFault(
      'InvalidArgument',
      `part ${String(receipt.partNumber)} is missing or not the one of its receipt`,
    );
  });
}
