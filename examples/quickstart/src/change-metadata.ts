import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';

/** Changes metadata without sending the body: a string sets, `null` removes. */
export async function changeMetadata(backend: LocalBackend, key: string): Promise<void> {
  const file = await backend.updateMetadata(key, { reviewedBy: 'Ada Lovelace', originalPath: null });
  log.step(`Changed the metadata of ${key}, not its bytes: ${JSON.stringify(file.metadata)}`);
}
