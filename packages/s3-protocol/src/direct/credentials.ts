import { type Renewed, renewed } from '@storage/core/driver';
import type { Keys } from './sigv4.ts';

/** Keys that may have an end. */
interface Credentials extends Keys {
  readonly expiration?: Date | undefined;
}

/** Where keys come from: the keys themselves, or a provider of the SDK. */
export type CredentialSource = Credentials | (() => Promise<Credentials>);

/** Hands out keys that are good for a while. */
export type KeyRing = Renewed<Keys>;

export function createKeyRing(source: () => Promise<CredentialSource>): KeyRing {
  return renewed<Credentials>(
    async () => {
      const found = await source();
      return typeof found === 'function' ? found() : found;
    },
    ({ expiration }) => expiration?.getTime(),
  );
}
