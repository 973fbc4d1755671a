import { isStorageError } from '@storage/core';
import { loadStorage } from '@storage/core/config';
import { fileReport } from './file-report.ts';

try {
  await using storage = await loadStorage();
  // Fails here, with every fault of the configuration, rather than at the first upload.
  await storage.initialize();
  const text = process.argv[2] ?? 'All quiet.';
  console.log(JSON.stringify(await fileReport(storage, text), undefined, 2));
} catch (error) {
  if (!isStorageError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
