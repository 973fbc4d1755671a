import { DriverFault, type TagsMember } from '@storage/core/driver';
import { blobOf, type Reach } from './connection.ts';

/** Index tags of blobs. */
export function createTags(reach: Reach): TagsMember {
  return {
    async get({ key }, { signal }) {
      const { tags, _response } = await blobOf(reach(), key).getTags({ abortSignal: signal });
      // The SDK makes an empty set of any other document.
      if (!/<Tags[\s/>]/.test(_response.bodyAsText)) {
        throw new DriverFault('Unavailable', 'the service answered with no tags', { retryable: 'safe' });
      }
      return { ...tags };
    },

    async set({ key, tags }, { signal }) {
      await blobOf(reach(), key).setTags({ ...tags }, { abortSignal: signal });
    },
  };
}
