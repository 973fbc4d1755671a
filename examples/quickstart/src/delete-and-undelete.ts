import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';

/** Deletes a file, which keeps it among its versions, and brings it back. */
export async function deleteAndUndelete(backend: LocalBackend, key: string): Promise<void> {
  await backend.delete(key);
  const gone = await backend.exists(key);
  const file = await backend.undelete(key);
  log.step(
    [
      `Deleted ${key}: exists is ${String(gone)}`,
      `Undeleted it: exists is ${String(await backend.exists(key))}, metadata ${JSON.stringify(file.metadata)}`,
    ].join('\n'),
  );
}
