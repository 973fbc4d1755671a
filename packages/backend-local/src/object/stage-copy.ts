import { DriverFault } from '@storage/core/driver';
import { close, copyFile } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { openToRead } from '../disk/text.ts';
import type { Store } from '../store.ts';
import { crcOfFile } from './crc.ts';
import type { FileRecord } from './record.ts';
import { type Staged, seal } from './stage.ts';
import { discard, inStaging } from './staging.ts';

/** Stages a copy of a file that nobody changes, whose blocks are shared where the file system can. */
export function* stageCopy(store: Store, from: string, record: FileRecord): Task<Staged> {
  const staged = yield* stageWhatIsThere(store, from, record);
  if (staged.size === record.size) return staged;
  yield* discard(staged);
  throw new DriverFault(
    'Corrupted',
    `the file has ${String(staged.size)} bytes, its record says ${String(record.size)}`,
  );
}

/** The same for a file that may be replaced at any time: it is for the caller to find out whether it was. */
export function* stageWhatIsThere(store: Store, from: string, record: FileRecord): Task<Staged> {
  const path = yield* inStaging(store, (free) => copyFile(from, free, record.size));
  try {
    const fd = yield* openToRead(path);
    try {
      return { ...(yield* seal(store, fd)), path, crc32: record.crc32 ?? (yield* crcOfFile(path)) };
    } finally {
      yield* close(fd);
    }
  } catch (error) {
    yield* discard({ path });
    throw error;
  }
}
