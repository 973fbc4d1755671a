import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';
import { type ErrorCode, isStorageError } from '@storage/core';
import pMap from 'p-map';
import type { FoundFile } from './find-files.ts';
import { formatBytes, formatCount } from './format.ts';
import { openProgressBar } from './progress-bar.ts';

/** What one file can be refused for while the others go on; a full disk is not among them. */
const aboutOneFile: readonly ErrorCode[] = [
  'InvalidKey',
  'KeyConflict',
  'NotFound',
  'PermissionDenied',
  'LengthMismatch',
];

/** Saves every file, eight at a time. Resolves to those that are stored now. */
export async function saveAll(backend: LocalBackend, files: readonly FoundFile[]): Promise<FoundFile[]> {
  const started = performance.now();
  const refused: string[] = [];
  using bar = openProgressBar(files.length);
  const outcomes = await pMap(
    files,
    async (file) => {
      try {
        await saveOne(backend, file);
        return [file];
      } catch (error) {
        if (!isStorageError(error) || !aboutOneFile.includes(error.code)) throw error;
        refused.push(`${error.code}: ${error.message}`);
        return [];
      } finally {
        bar.advance();
      }
    },
    { concurrency: 8 },
  );
  const saved = outcomes.flat();
  bar.close(summary(saved, performance.now() - started));
  if (refused.length > 0)
    log.warn(`${formatCount(refused.length, 'file')} refused:\n${refused.slice(0, 5).join('\n')}`);
  return saved;
}

async function saveOne(backend: LocalBackend, file: FoundFile): Promise<void> {
  await backend.uploadFile(file.key, file.path, {
    contentType: contentTypeOf(file.key),
    metadata: { savedBy: 'quickstart', originalPath: file.path },
  });
}

/** The registry of types knows `.ts` as video streams only. */
function contentTypeOf(key: string): string {
  return /\.[cm]?ts$/.test(key) ? 'text/typescript' : 'from-name';
}

function summary(saved: readonly FoundFile[], milliseconds: number): string {
  const bytes = saved.reduce((sum, { size }) => sum + size, 0);
  return `${formatCount(saved.length, 'file')} saved, ${formatBytes(bytes)} in ${(milliseconds / 1000).toFixed(1)} s`;
}
