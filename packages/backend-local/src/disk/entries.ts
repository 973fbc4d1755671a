import fs from 'node:fs';
import { call, type Task } from './task.ts';

/** Entries that are read at a time. All of a large directory at once would cost several times the memory of their names. */
const batchSize = 1024;

/** Visits what is in a directory, in no order. The event loop turns between batches. */
export function* visitEntries(path: string, visit: (entry: fs.Dirent) => void): Task<void> {
  const directory = yield* openDirectory(path);
  try {
    for (;;) {
      const batch = yield* readBatch(directory);
      batch.forEach(visit);
      if (batch.length < batchSize) return;
      yield* turn();
    }
  } finally {
    yield* closeDirectory(directory);
  }
}

function openDirectory(path: string): Task<fs.Dir> {
  const options = { bufferSize: batchSize };
  return call(
    'opendir',
    () => fs.opendirSync(path, options),
    (done) => {
      fs.opendir(path, options, done);
    },
  );
}

/** Fewer than `batchSize` entries: the directory is at its end. */
function* readBatch(directory: fs.Dir): Task<fs.Dirent[]> {
  const first = yield* readFirst(directory);
  const batch: fs.Dirent[] = [];
  // The others have come with the first one.
  for (let entry = first; entry !== null; entry = directory.readSync()) {
    batch.push(entry);
    if (batch.length === batchSize) break;
  }
  return batch;
}

function readFirst(directory: fs.Dir): Task<fs.Dirent | null> {
  return call(
    'readdir',
    () => directory.readSync(),
    (done) => {
      directory.read(done);
    },
  );
}

function closeDirectory(directory: fs.Dir): Task<void> {
  return call(
    'closedir',
    () => {
      directory.closeSync();
    },
    (done) => {
      directory.close(done);
    },
  );
}

function turn(): Task<void> {
  return call('turn', undefined, (done) => {
    setImmediate(() => {
      done(null);
    });
  });
}
