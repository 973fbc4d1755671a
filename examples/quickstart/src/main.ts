import { cancel, intro, log, outro } from '@clack/prompts';
import { LocalBackend } from '@storage/backend-local';
import { isStorageError } from '@storage/core';
import { defaultStorage, readArguments, shortPath } from './arguments.ts';
import { changeMetadata } from './change-metadata.ts';
import { deleteAndUndelete } from './delete-and-undelete.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { formatBytes, formatCount } from './format.ts';
import { keepVersions } from './keep-versions.ts';
import { openASignedUrl } from './open-a-signed-url.ts';
import { readARange } from './read-a-range.ts';
import { saveAll } from './save-all.ts';
import { showFiles } from './show-files.ts';
import { showFolder } from './show-folder.ts';

async function main(): Promise<void> {
  const { folder, storage } = readArguments(process.argv.slice(2));
  intro('Quickstart: file storage on the local disk');

  const files = await findFiles(folder, [storage, defaultStorage]);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  log.step(`Found ${formatCount(files.length, 'file')}, ${formatBytes(bytes)}, in ${shortPath(folder)}`);

  await using backend = new LocalBackend({ basePath: storage });
  await backend.initialize();
  const { key } = exampleOf(await saveAll(backend, files), folder);

  await showFiles(backend);
  await readARange(backend, key);
  await keepVersions(backend, key);
  await deleteAndUndelete(backend, key);
  await changeMetadata(backend, key);
  await openASignedUrl(backend, key);
  await showFolder(storage, key);

  outro(`Look into ${shortPath(storage)}, then at packages/backend-local/README.md, or try a folder of yours:
   npx -y pnpm@12.21.0 quickstart -- path/to/folder`);
}

/** The file that the story is told with: a README if there is one, else the first that is not empty. */
function exampleOf(files: readonly FoundFile[], folder: string): FoundFile {
  const [first] = files;
  if (first === undefined) throw new TypeError(`Nothing to save in ${folder}`);
  const filled = files.filter(({ size }) => size > 0);
  return filled.find(({ key }) => /^readme\b/i.test(key)) ?? filled[0] ?? first;
}

try {
  await main();
} catch (error) {
  cancel(explain(error));
  process.exitCode = 1;
}

/** What a person can act on; anything unforeseen keeps its stack. */
function explain(error: unknown): string {
  if (isStorageError(error)) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  return error instanceof TypeError || 'syscall' in error ? error.message : String(error.stack);
}
