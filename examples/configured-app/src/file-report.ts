import { randomUUID } from 'node:crypto';
import type { StorageManager } from '@storage/core';

/** What was filed where. */
export interface Filed {
  readonly healthy: boolean;
  /** Type of the backend by its name. */
  readonly backends: Readonly<Record<string, string>>;
  readonly report: string;
  readonly author: string | undefined;
  readonly archived: readonly string[];
}

/** Saves a report in the default backend, and files a copy in the last one that is configured. */
export async function fileReport(storage: StorageManager, text: string): Promise<Filed> {
  const uploads = await storage.backend();
  const archive = await storage.backend(storage.names.at(-1));
  const key = `reports/${randomUUID()}.txt`;
  const archiveKey = `archive/${key}`;

  await uploads.save(key, text, { contentType: 'text/plain', metadata: { author: 'Ada' } });
  const saved = await uploads.retrieve(key);
  // Through this process: the two may be at two companies.
  await archive.save(archiveKey, saved.stream(), {
    size: saved.size,
    contentType: saved.contentType,
    metadata: saved.metadata,
  });
  await uploads.delete(key);

  const filed = await archive.retrieve(archiveKey);
  const backends = await Promise.all(storage.names.map(async (name) => [name, (await storage.backend(name)).type]));
  return {
    healthy: (await storage.healthCheck()).healthy,
    backends: Object.fromEntries(backends) as Record<string, string>,
    report: await filed.text(),
    author: filed.metadata['author'],
    archived: (await archive.listFiles(archiveKey)).map((file) => file.key),
  };
}
