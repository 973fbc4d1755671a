import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { note } from '@clack/prompts';
import { shortPath } from './arguments.ts';
import { formatTable } from './format.ts';

/** Prints how a file lies on the disk. */
export async function showFolder(storage: string, key: string): Promise<void> {
  const versions = await readdir(join(storage, 'versions'), { recursive: true, withFileTypes: true });
  const kept = versions.filter((entry) => entry.isFile()).length;
  const rows = [
    [`data/${key}`, 'the file as it is'],
    [`metadata/${key}.json`, 'its headers and metadata'],
    ['versions/', `${String(kept)} files: what was overwritten or deleted`],
  ];
  note(formatTable(rows), shortPath(storage));
}
