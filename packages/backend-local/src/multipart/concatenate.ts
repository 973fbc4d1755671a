import { constants } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DriverFault } from '@storage/core/driver';
import { close, open, read, write } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { openToRead } from '../disk/text.ts';
import { hexCrc } from '../object/crc.ts';
import { type Staged, seal } from '../object/stage.ts';
import { inStaging } from '../object/staging.ts';
import type { Store } from '../store.ts';
import type { Part } from './session.ts';

const blockBytes = 1024 * 1024;

/** Stages one file of all parts in order, and checks each on the way. */
export function* concatenate(store: Store, parts: readonly Part[], signal: AbortSignal): Task<Staged> {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  let staged: Omit<Staged, 'path'> | undefined;
  const path = yield* inStaging(store, function* (free) {
    const fd = yield* open(free, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      let whole = 0;
      for (const part of parts) whole = yield* append(fd, part, block, whole, signal);
      staged = { ...(yield* seal(store, fd)), crc32: hexCrc(whole) };
    } finally {
      yield* close(fd);
    }
  });
  return { ...(staged as Omit<Staged, 'path'>), path };
}

/** Appends a part; gives the checksum of everything up to its end. */
function* append(fd: number, part: Part, block: Buffer, before: number, signal: AbortSignal): Task<number> {
  const from = yield* openToRead(part.path);
  try {
    let whole = before;
    let own = 0;
    for (let position = 0; ; ) {
      signal.throwIfAborted();
      const size = yield* read(from, block, position);
      if (size === 0) break;
      const bytes = block.subarray(0, size);
      yield* write(fd, [bytes]);
      whole = crc32(bytes, whole);
      own = crc32(bytes, own);
      position += size;
    }
    if (hexCrc(own) === part.receipt.checksum?.value) return whole;
    throw new DriverFault('Corrupted', `part ${String(part.receipt.partNumber)} is not what was stored`);
  } finally {
    yield* close(from);
  }
}
