import type { SaveOptions } from '@storage/core';
import { expectRefused } from '../assertions.ts';
import { pattern, webStream } from '../bodies.ts';
import type { CaseContext } from '../case.ts';

/** An etag that no object has. */
export const stale = '"00000000000000000000000000000000"';

/** Saves an object and asserts that a save with an option which is not claimed is refused. */
export async function refusedSave(context: CaseContext, options: SaveOptions): Promise<void> {
  const { backend, key, limits } = context;
  await backend.save(key(), 'old', { metadata: { version: 'old' } });
  const { partSize } = limits;
  const large = (): ReadableStream<Uint8Array> => webStream(pattern(2 * partSize));
  await expectRefused(context, key(), (watched) => watched.save(key(), 'new', options));
  await expectRefused(context, key(), (watched) => watched.save(key(), large(), { ...options, partSize }));
  await expectRefused(context, key('missing'), (watched) => watched.save(key('missing'), 'new', options));
}
