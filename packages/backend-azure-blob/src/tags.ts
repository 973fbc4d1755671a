import type { TagsMember } from '@storage/core/driver';
import { blobOf, type Reach } from './connection.ts';

/** Index tags of blobs. */
export function createTags(reach: Reach): TagsMember {
  return {
    async get({ key }, { signal }) {
      const { tags } = await blobOf(reach(), key).getTags({ abortSignal: signal });
      return { ...tags };
    },

    async set({ key, tags }, { signal }) {
      await blobOf(reach(), key).setTags({ ...tags }, { abortSignal: signal });
    },
  };
}
