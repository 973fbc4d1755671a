import type { TagsMember } from '@storage/core/driver';
import { blobOf, type Connection, type Reach } from './connection.ts';
import { half, whole } from './half-answer.ts';

/** Index tags of blobs. */
export function createTags(reach: Reach): TagsMember {
  return {
    get: async (request, { signal }) => readTags(await reach().connected(), request, signal),

    async set({ key, tags }, { signal }) {
      await blobOf(await reach().connected(), key).setTags({ ...tags }, { abortSignal: signal });
    },
  };
}

/** The tags of a blob, all of them: who writes them back must not lose any to half an answer. */
export function readTags(
  connection: Connection,
  { key, versionId }: { readonly key: string; readonly versionId?: string },
  signal: AbortSignal,
): Promise<Record<string, string>> {
  return whole('a set of tags', async () => {
    const { tags, _response } = await blobOf(connection, key, versionId).getTags({ abortSignal: signal });
    // The SDK makes an empty set of any other document, and an entry without a value of a tag that lacks it.
    const isWhole = /<Tags[\s/>]/.test(_response.bodyAsText);
    if (!isWhole || Object.values<unknown>(tags).includes(undefined)) throw half('a set of tags');
    return { ...tags };
  });
}
