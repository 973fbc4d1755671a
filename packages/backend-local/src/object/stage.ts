import { constants } from 'node:fs';
import { crc32 } from 'node:zlib';
import { chunksOf, createBlockWriter, DriverFault, type UploadBody } from '@storage/core/driver';
import { close, fstat, fsync, futimes, open, quickBytes, write } from '../disk/calls.ts';
import { sizeOf } from '../disk/pieces.ts';
import { run } from '../disk/run.ts';
import type { Task } from '../disk/task.ts';
import type { Store } from '../store.ts';
import { hexCrc } from './crc.ts';
import { discard, inStaging, stageWith } from './staging.ts';
import { nextTime, type Stamp, stampOf } from './stamp.ts';

/** A whole body in a file of its own, ready to be committed by a rename. */
export interface Staged extends Stamp {
  readonly path: string;
  readonly crc32: string;
}

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
/** Large bodies in memory are written so many bytes at a time, between which the event loop turns. */
const sliceBytes = 4 * 1024 * 1024;

/** Stages a body that is in memory. */
export function* stagePieces(store: Store, pieces: readonly Uint8Array[], signal: AbortSignal): Task<Staged> {
  return yield* stageWith(store, (path) => writeStaged(store, path, pieces, signal));
}

function* writeStaged(store: Store, path: string, pieces: readonly Uint8Array[], signal: AbortSignal): Task<Staged> {
  const fd = yield* open(path, createFlags);
  try {
    const crc = yield* writePieces(fd, pieces, signal);
    return { ...(yield* seal(store, fd)), crc32: hexCrc(crc), path };
  } finally {
    yield* close(fd);
  }
}

/** Stages a body as it comes, of known size or not, in constant memory. */
export async function stageStream(store: Store, body: UploadBody, signal: AbortSignal): Promise<Staged> {
  let fd = -1;
  const creating = inStaging(store, function* (free) {
    fd = yield* open(free, createFlags);
  });
  const path = await run(store.pace, creating);
  try {
    const staged = await fill(store, fd, body, signal);
    if (body.size !== undefined && staged.size !== body.size) throw lengthMismatch(staged.size, body.size);
    return { ...staged, path };
  } catch (error) {
    await run(store.pace, discard({ path }));
    throw error;
  }
}

/** Gives an open file the time of its revision, and makes sure of its bytes where that was asked for. */
export function* seal(store: Store, fd: number, previous = 0): Task<Stamp> {
  yield* futimes(fd, nextTime(previous) / 1e6);
  if (store.settings.powerSafe) yield* fsync(fd);
  return stampOf(yield* fstat(fd));
}

function* writePieces(fd: number, pieces: readonly Uint8Array[], signal: AbortSignal): Task<number> {
  if (sizeOf(pieces) <= quickBytes) {
    yield* write(fd, pieces);
    return pieces.reduce((crc, piece) => crc32(piece, crc), 0);
  }
  let crc = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; start += sliceBytes) {
      signal.throwIfAborted();
      const slice = piece.subarray(start, start + sliceBytes);
      crc = crc32(slice, crc);
      yield* write(fd, [slice]);
    }
  }
  return crc;
}

async function fill(store: Store, fd: number, body: UploadBody, signal: AbortSignal): Promise<Omit<Staged, 'path'>> {
  try {
    const crc = await pour(store, fd, body, signal);
    return { ...(await run(store.pace, seal(store, fd))), crc32: hexCrc(crc) };
  } finally {
    await run(store.pace, close(fd));
  }
}

/** Writes a body while it comes; gives the CRC-32. The source is told to stop when that fails. */
async function pour(store: Store, fd: number, body: UploadBody, signal: AbortSignal): Promise<number> {
  const writer = createBlockWriter((block) => run(store.pace, write(fd, [block])), body.size);
  let crc = 0;
  try {
    for await (const chunk of chunksOf(body, signal, () => writer.target())) {
      crc = crc32(chunk, crc);
      await writer.push(chunk);
    }
    await writer.end();
    return crc;
  } finally {
    await writer.close();
  }
}

function lengthMismatch(found: number, declared: number): DriverFault {
  return new DriverFault('LengthMismatch', `the body has ${String(found)} bytes, ${String(declared)} were declared`);
}
