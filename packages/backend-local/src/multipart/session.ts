import { randomBytes } from 'node:crypto';
import { DriverFault, type ObjectAttributes, type PartReceipt, type UploadRequest } from '@storage/core/driver';
import { createText, ifThere, mkdir, readSmallDirectory, rename, unlink } from '../disk/calls.ts';
import { removeFolder } from '../disk/folders.ts';
import { parseJson } from '../disk/json.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import { inStaging } from '../object/staging.ts';
import { nextTime } from '../object/stamp.ts';
import type { Store } from '../store.ts';

/** An upload in parts: a folder in the private directory, with what was said at its beginning, and its parts. */
export interface Session {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** A part on disk; its name says what it is, so that one rename commits it. */
export interface Part {
  readonly path: string;
  /** Of two with one number, the later one counts, also while the earlier one is not removed yet. */
  readonly storedAt: number;
  readonly receipt: PartReceipt;
}

const sessionFile = 'session.json';
const partName = /^part-(\d+)-(\d+)-([0-9a-f]{8})-(\d+)-([0-9a-z]+)$/;
const validId = /^[0-9a-f]{32}$/;

/** Opens a session; it is there in one step. */
export function* createSession(store: Store, key: string, attributes: ObjectAttributes): Task<string> {
  const uploadId = randomBytes(16).toString('hex');
  const session: Session = { key, attributes, startedAt: Date.now() };
  const staged = yield* inStaging(store, function* (free) {
    yield* mkdir(free, 0o700);
    yield* createText(`${free}/${sessionFile}`, JSON.stringify({ format: 1, ...session }));
  });
  yield* rename(staged, folderOf(store, uploadId));
  return uploadId;
}

/** The session of an id that is open for this key; otherwise `NotFound`. */
export function* openSession(store: Store, { key, uploadId }: UploadRequest): Task<Session> {
  const session = yield* readSession(store, uploadId);
  if (session?.key !== key) throw uploadGone();
  return session;
}

export function* readSession(store: Store, uploadId: string): Task<Session | undefined> {
  if (!validId.test(uploadId)) return undefined;
  const text = yield* ifThere(readText(`${folderOf(store, uploadId)}/${sessionFile}`));
  const session = text === undefined ? undefined : (parseJson(text) as Partial<Session> | undefined);
  return typeof session?.key === 'string' && session.attributes !== undefined ? (session as Session) : undefined;
}

/** Ids of the sessions that are open. */
export function* openSessions(store: Store): Task<string[]> {
  return ((yield* ifThere(readSmallDirectory(store.roots.uploads))) ?? []).filter((name) => validId.test(name));
}

/** Ends a session in one step, then frees its parts. One that had ended already stays so. */
export function* endSession(store: Store, uploadId: string): Task<void> {
  if (!validId.test(uploadId)) return;
  const session = { wasThere: false };
  const ended = yield* inStaging(store, function* (free) {
    session.wasThere = (yield* ifThere(succeeding(rename(folderOf(store, uploadId), free)))) ?? false;
  });
  if (session.wasThere) yield* removeFolder(ended);
}

/** Moves a staged part in; the one that had its number is gone afterwards. `NotFound` when the session has ended. */
export function* addPart(store: Store, uploadId: string, staged: string, receipt: PartReceipt): Task<void> {
  const { partNumber, size, etag, checksum } = receipt;
  const earlier = (yield* allPartsOf(store, uploadId)).filter((part) => part.receipt.partNumber === partNumber);
  const storedAt = nextTime(Math.max(0, ...earlier.map((part) => part.storedAt)));
  const name = ['part', partNumber, size, checksum?.value, storedAt, etag.slice(1, -1)].join('-');
  const isAdded = yield* ifThere(succeeding(rename(staged, `${folderOf(store, uploadId)}/${name}`)));
  if (isAdded !== true) throw uploadGone();
  for (const part of earlier) yield* ifThere(unlink(part.path));
}

/** The parts of a session, ascending. */
export function* partsOf(store: Store, uploadId: string): Task<Part[]> {
  const parts = yield* allPartsOf(store, uploadId);
  const byNumber = new Map(parts.map((part) => [part.receipt.partNumber, part]));
  return [...byNumber.values()].sort((a, b) => a.receipt.partNumber - b.receipt.partNumber);
}

/** Also those that were replaced, the latest last. */
function* allPartsOf(store: Store, uploadId: string): Task<Part[]> {
  const folder = folderOf(store, uploadId);
  const names = (yield* ifThere(readSmallDirectory(folder))) ?? [];
  return names.flatMap((name) => partAt(folder, name)).sort((a, b) => a.storedAt - b.storedAt);
}

export function uploadGone(): DriverFault {
  return new DriverFault('NotFound', 'the upload was completed or aborted, or never begun');
}

function partAt(folder: string, name: string): Part[] {
  const match = partName.exec(name);
  if (match === null) return [];
  const [, partNumber, size, crc32 = '', storedAt, revision = ''] = match;
  const checksum = { algorithm: 'crc32', value: crc32 } as const;
  const receipt = { partNumber: Number(partNumber), size: Number(size), etag: `"${revision}"`, checksum };
  return [{ path: `${folder}/${name}`, storedAt: Number(storedAt), receipt }];
}

function folderOf({ roots }: Store, uploadId: string): string {
  return `${roots.uploads}/${uploadId}`;
}

function* succeeding(task: Task<void>): Task<true> {
  yield* task;
  return true;
}
