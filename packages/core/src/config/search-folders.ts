import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where backends are looked for: as the application sees its packages, then as this package does.
 *
 * @param from a folder or file, or its URL
 */
export function searchFolders(from: string | URL | undefined): readonly string[] {
  return [...new Set([...applicationFolders(from), ...ownFolder()])];
}

function applicationFolders(from: string | URL | undefined): string[] {
  const given = from === undefined ? [] : [resolve(isFileUrl(from) ? fileURLToPath(from) : String(from))];
  return [...given, process.cwd()];
}

function isFileUrl(from: string | URL): boolean {
  return String(from).startsWith('file:');
}

/** Undefined in a bundle of the CommonJS kind. */
function ownFolder(): string[] {
  const url = import.meta.url as string | undefined;
  return url === undefined ? [] : [dirname(fileURLToPath(url))];
}
