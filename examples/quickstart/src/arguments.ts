import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const repository = join(import.meta.dirname, '..', '..', '..');

/** Where files go that nobody says a place for. */
export const defaultStorage: string = join(repository, 'storage');

export interface Arguments {
  /** The folder whose files are saved. */
  readonly folder: string;
  /** The folder that the backend keeps them in. */
  readonly storage: string;
}

/** `[folder] [--storage folder]`; without them this repository's own files go to its `./storage`. */
export function readArguments(args: readonly string[]): Arguments {
  // pnpm hands the `--` of `pnpm quickstart -- folder` on.
  const own = args[0] === '--' ? args.slice(1) : [...args];
  const { positionals, values } = parseArgs({
    args: own,
    allowPositionals: true,
    options: { storage: { type: 'string', default: defaultStorage } },
  });
  const [folder = repository, ...more] = positionals;
  if (more.length > 0) throw new TypeError(`One folder at a time, please: ${positionals.join(', ')}`);
  return { folder: fromWhereTyped(folder), storage: fromWhereTyped(values.storage) };
}

/** pnpm starts scripts in the folder of their package; paths are meant from where the command was typed. */
function fromWhereTyped(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

/** A path as a person would type it here. */
export function shortPath(path: string): string {
  const short = relative(fromWhereTyped('.'), path);
  if (short === '') return '.';
  return short.startsWith('..') ? path : `./${short.replaceAll('\\', '/')}`;
}
