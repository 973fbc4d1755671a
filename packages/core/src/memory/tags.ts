import type { TagsMember } from '../driver.ts';
import type { Reach } from './bucket.ts';

/** Tags belong to a version and change without making a new one. */
export function createTags(reach: Reach): TagsMember {
  return {
    async get({ key, versionId }, context) {
      return { ...reach(context).find(key, versionId).tags };
    },

    async set({ key, tags }, context) {
      const bucket = reach(context);
      bucket.amend(key, bucket.find(key), { tags: { ...tags } });
    },
  };
}
