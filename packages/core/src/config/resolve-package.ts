import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where a package was found, or not. */
type Resolution = { readonly url: string } | { readonly lookedIn: readonly string[] };

/**
 * Finds a package as each folder in turn sees it: a package manager that links strictly shows a sibling of this
 * package only to the application that asked for it.
 *
 * @throws what Node.js throws for a package that is there and has no entry that fits
 */
export function resolvePackage(packageName: string, folders: readonly string[]): Resolution {
  for (const folder of folders) {
    const path = resolveFrom(folder, packageName);
    if (path !== undefined) return { url: pathToFileURL(path).href };
  }
  return { lookedIn: folders };
}

/** Imports what only this run can know: no bundler follows it. */
export async function importUrl(url: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ url)) as Readonly<Record<string, unknown>>;
}

function resolveFrom(folder: string, packageName: string): string | undefined {
  try {
    // The file need not exist; what it would see is what counts.
    return createRequire(join(folder, 'resolve-from-here.js')).resolve(packageName);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
