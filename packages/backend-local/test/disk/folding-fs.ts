import type * as nodeFs from 'node:fs';

type Fs = typeof nodeFs;
type AnyFunction = (...args: unknown[]) => unknown;

/** Functions whose first so many arguments are paths. */
const paths: Readonly<Record<string, number>> = {
  lstat: 1,
  open: 1,
  unlink: 1,
  mkdir: 1,
  rmdir: 1,
  readdir: 1,
  opendir: 1,
  writeFile: 1,
  readFile: 1,
  access: 1,
  rename: 2,
  link: 2,
  copyFile: 2,
};

/**
 * A file system that keeps the case of names, and Unicode as it is written, but finds them in any other, as those of
 * macOS and Windows do. Only below folders whose name begins with `folding-`.
 */
export function foldingFs(real: Fs): Fs {
  function fold(name: string): string {
    return name.normalize('NFC').toLowerCase();
  }

  /** The path as the disk spells what is there; what is not there stays as it is asked for. */
  function spelled(path: unknown): unknown {
    if (typeof path !== 'string' || !path.includes('/folding-')) return path;
    return spelledBelow(path.replace(/\/{2,}/g, '/').replace(/\/$/, ''));
  }

  /** What is there in this very spelling needs no search, nor do the folders that lead to it. */
  function spelledBelow(path: string): string {
    if (/\/folding-[^/]*$/.test(path) || isThere(path)) return path;
    const folder = spelledBelow(path.slice(0, path.lastIndexOf('/')));
    const name = path.slice(path.lastIndexOf('/') + 1);
    const entries = real.existsSync(folder) && real.statSync(folder).isDirectory() ? real.readdirSync(folder) : [];
    return `${folder}/${entries.find((entry) => fold(entry) === fold(name)) ?? name}`;
  }

  function isThere(path: string): boolean {
    try {
      return real.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    } catch {
      // Below a file.
      return false;
    }
  }

  function folding(name: string, count: number): AnyFunction {
    const original = Reflect.get(real, name) as AnyFunction;
    return (...args) => original(...args.map((arg, index) => (index < count ? spelled(arg) : arg)));
  }

  const changed: Record<string, unknown> = {};
  for (const [name, count] of Object.entries(paths)) {
    changed[name] = folding(name, count);
    changed[`${name}Sync`] = folding(`${name}Sync`, count);
  }
  const realpath = { native: (path: string, done: AnyFunction) => real.realpath.native(spelled(path) as string, done) };
  const realpathSync = { native: (path: string) => real.realpathSync.native(spelled(path) as string) };
  const promises = { ...real.promises, opendir: (path: string) => real.promises.opendir(spelled(path) as string) };
  return { ...real, ...changed, realpath, realpathSync, promises } as unknown as Fs;
}
