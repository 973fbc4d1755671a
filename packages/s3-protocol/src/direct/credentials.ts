import { type Renewed, renewed } from '@storage/core/driver';
import type { Keys } from './sigv4.ts';

/** Keys that may have an end. */
interface Credentials extends Keys {
  readonly expiration?: Date | undefined;
}

/** Gives keys: what the SDK makes of a provider, which keeps them until they are about to expire. */
export type Provider = (ask: { readonly forceRefresh: boolean }) => Promise<Credentials>;

/** Hands out keys that are good for a while. */
export interface KeyRing extends Pick<Renewed<Keys>, 'get'> {
  /** Gets others in place of keys that the service has refused; whether there are others. */
  replace(refused: Keys): Promise<boolean>;
}

/** @param keepSecret called with all that requests are signed with */
export function createKeyRing(
  source: Credentials | (() => Promise<Provider>),
  keepSecret: (secret: string) => void,
): KeyRing {
  let forceRefresh = false;
  const ring = renewed<Credentials>(
    async () => {
      const keys = typeof source === 'function' ? await (await source())({ forceRefresh }) : source;
      forceRefresh = false;
      keepSecret(keys.secretAccessKey);
      if (keys.sessionToken !== undefined) keepSecret(keys.sessionToken);
      return keys;
    },
    ({ expiration }) => expiration?.getTime(),
  );
  return {
    get: () => ring.get(),
    async replace(refused) {
      // Another call may have done it already.
      if (areOthers(await ring.get(), refused)) return true;
      forceRefresh = true;
      ring.drop();
      return areOthers(await ring.get(), refused);
    },
  };
}

function areOthers(keys: Keys, refused: Keys): boolean {
  return keys.accessKeyId !== refused.accessKeyId || keys.sessionToken !== refused.sessionToken;
}
