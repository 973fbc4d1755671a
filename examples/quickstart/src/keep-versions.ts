import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';
import { formatBytes, formatTable } from './format.ts';

/** Overwrites a file, shows what is kept of it, and makes the earlier version the current one again. */
export async function keepVersions(backend: LocalBackend, key: string): Promise<void> {
  const before = await backend.getMetadata(key);
  if (before?.versionId === undefined) throw new Error(`${key} has no version`);

  const changed = `Overwritten by the quickstart at ${new Date().toISOString()}.\n`;
  await backend.save(key, changed, { contentType: 'text/plain' });
  const versions = await backend.getVersions(key, { limit: 4 });
  const rows = versions.map(({ versionId, lastModified, size, isCurrent }) => [
    versionId,
    lastModified.toISOString(),
    formatBytes(size),
    isCurrent ? 'current' : '',
  ]);
  log.step(
    `Overwrote ${key}. Its versions, newest first:\n${formatTable([['version', 'time', 'size', ''], ...rows], [2])}`,
  );

  const restored = await backend.restoreVersion(key, before.versionId);
  log.step(`Restored the version before: ${formatBytes(restored.size)} again, ${restored.contentType}`);
}
