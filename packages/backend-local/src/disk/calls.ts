import fs from 'node:fs';
import { after, sizeOf } from './pieces.ts';
import { call, type Task } from './task.ts';

/** Reads and writes of up to this many bytes are small enough to be made at once. */
export const quickBytes: number = 256 * 1024;

/** What is at a path, itself if it is a link; undefined when nothing is. */
export function lstat(path: string): Task<fs.Stats | undefined> {
  return call(
    'lstat',
    () => lstatNow(path),
    (done) => {
      fs.lstat(path, (error, stats) => {
        if (error === null || !isAbsence(error)) done(error, stats);
        else done(null, undefined);
      });
    },
  );
}

/** Without an error for what is not there, which would cost more than the call; below a file there is one all the same. */
function lstatNow(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

export function open(path: string, flags: number, mode = 0o666): Task<number> {
  return call(
    'open',
    () => fs.openSync(path, flags, mode),
    (done) => {
      fs.open(path, flags, mode, done);
    },
  );
}

export function close(fd: number): Task<void> {
  return call(
    'close',
    () => {
      fs.closeSync(fd);
    },
    (done) => {
      fs.close(fd, done);
    },
  );
}

export function fstat(fd: number): Task<fs.Stats> {
  return call(
    'fstat',
    () => fs.fstatSync(fd),
    (done) => {
      fs.fstat(fd, done);
    },
  );
}

/** Reads up to `target.byteLength` bytes; 0 at the end of the file. */
export function read(fd: number, target: Uint8Array, position: number): Task<number> {
  const { byteLength } = target;
  return call(
    'read',
    byteLength > quickBytes ? undefined : () => fs.readSync(fd, target, 0, byteLength, position),
    (done) => {
      fs.read(fd, target, 0, byteLength, position, done);
    },
  );
}

/** Appends all bytes of all pieces. */
export function* write(fd: number, pieces: readonly Uint8Array[]): Task<void> {
  let rest = pieces.filter((piece) => piece.byteLength > 0);
  while (rest.length > 0) rest = after(rest, yield* writeSome(fd, rest));
}

function writeSome(fd: number, pieces: readonly Uint8Array[]): Task<number> {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  const quick = sizeOf(pieces) <= quickBytes;
  return call(
    'write',
    quick ? () => (only === undefined ? fs.writevSync(fd, pieces) : fs.writeSync(fd, only)) : undefined,
    (done) => {
      if (only === undefined) fs.writev(fd, pieces, done);
      else fs.write(fd, only, done);
    },
  );
}

/** Sets both times of an open file, in seconds. */
export function futimes(fd: number, seconds: number): Task<void> {
  return call(
    'futimes',
    () => {
      fs.futimesSync(fd, seconds, seconds);
    },
    (done) => {
      fs.futimes(fd, seconds, seconds, done);
    },
  );
}

/** Waits until the bytes of an open file or directory are on the disk itself. */
export function fsync(fd: number): Task<void> {
  return call<void>('fsync', undefined, (done) => {
    fs.fsync(fd, done);
  });
}

/** Cuts a file after so many bytes. */
export function truncate(path: string, size: number): Task<void> {
  return call(
    'truncate',
    () => {
      fs.truncateSync(path, size);
    },
    (done) => {
      fs.truncate(path, size, done);
    },
  );
}

export function rename(from: string, to: string): Task<void> {
  return call(
    'rename',
    () => {
      fs.renameSync(from, to);
    },
    (done) => {
      fs.rename(from, to, done);
    },
  );
}

export function link(existing: string, path: string): Task<void> {
  return call(
    'link',
    () => {
      fs.linkSync(existing, path);
    },
    (done) => {
      fs.link(existing, path, done);
    },
  );
}

export function unlink(path: string): Task<void> {
  return call(
    'unlink',
    () => {
      fs.unlinkSync(path);
    },
    (done) => {
      fs.unlink(path, done);
    },
  );
}

export function mkdir(path: string, mode = 0o777): Task<void> {
  return call(
    'mkdir',
    () => {
      fs.mkdirSync(path, mode);
    },
    (done) => {
      fs.mkdir(path, mode, (error) => {
        done(error);
      });
    },
  );
}

export function rmdir(path: string): Task<void> {
  return call(
    'rmdir',
    () => {
      rmdirNow(path);
    },
    (done) => {
      fs.rmdir(path, done);
    },
  );
}

/** A folder that is not empty is what is mostly met: the stack of that error would cost more than the call. */
function rmdirNow(path: string): void {
  const { stackTraceLimit } = Error;
  // By `Reflect`, for it may be frozen.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    fs.rmdirSync(path);
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

/** Names and kinds of what is in a directory. It may be large, so a thread reads it. */
export function readdir(path: string): Task<fs.Dirent[]> {
  return call('readdir', undefined, (done) => {
    fs.readdir(path, { withFileTypes: true }, done);
  });
}

/** Names in a directory that is known to be small. */
export function readSmallDirectory(path: string): Task<string[]> {
  return call(
    'readdir',
    () => fs.readdirSync(path),
    (done) => {
      fs.readdir(path, done);
    },
  );
}

/** Creates a file with a text, all of it in one call. The path must be free. */
export function createText(path: string, text: string, mode = 0o666): Task<void> {
  // Named, the encoding lets the engine open, write and close in one go.
  const options = { encoding: 'utf8', flag: 'wx', mode } as const;
  return call(
    'create',
    () => {
      fs.writeFileSync(path, text, options);
    },
    (done) => {
      fs.writeFile(path, text, options, done);
    },
  );
}

/** Copies a file to a free path, sharing its blocks where the file system can. */
export function copyFile(from: string, to: string, size: number): Task<void> {
  const flags = fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE;
  return call(
    'copyFile',
    size > quickBytes
      ? undefined
      : () => {
          fs.copyFileSync(from, to, flags);
        },
    (done) => {
      fs.copyFile(from, to, flags, done);
    },
  );
}

/** The path as the file system itself spells it. */
export function realpath(path: string): Task<string> {
  return call(
    'realpath',
    () => fs.realpathSync.native(path),
    (done) => {
      fs.realpath.native(path, done);
    },
  );
}

export function access(path: string, mode: number): Task<void> {
  return call(
    'access',
    () => {
      fs.accessSync(path, mode);
    },
    (done) => {
      fs.access(path, mode, done);
    },
  );
}

/** Whether an error has one of these codes of the operating system. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.includes(error.code as string);
}

/** Whether an error comes from the operating system. */
export function hasErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}

/** Nothing is there: no entry of that name, or what should be a directory on the way is none. */
export function isAbsence(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/** The result of a task, or undefined when what it works on is not there. */
export function* ifThere<T>(task: Task<T>): Task<T | undefined> {
  try {
    return yield* task;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
