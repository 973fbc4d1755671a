import type { Keys } from './sigv4.ts';

/** Keys that may have an end. */
interface Credentials extends Keys {
  readonly expiration?: Date | undefined;
}

/** Where keys come from: the keys themselves, or a provider of the SDK. */
export type CredentialSource = Credentials | (() => Promise<Credentials>);

/** Hands out keys that are good for a while. */
export interface KeyRing {
  keys(): Keys | Promise<Keys>;
  /** The service says that they have expired: the next request asks for others. */
  expired(): void;
}

// As early as the SDK does: a request that is on its way must not outlive its keys.
const earlyMs = 5 * 60_000;

export function createKeyRing(source: () => Promise<CredentialSource>): KeyRing {
  let keys: Credentials | undefined;
  let asking: Promise<Credentials> | undefined;

  async function ask(): Promise<Credentials> {
    try {
      const found = await source();
      keys = typeof found === 'function' ? await found() : found;
      return keys;
    } finally {
      asking = undefined;
    }
  }

  return {
    keys() {
      if (keys !== undefined && !endsSoon(keys)) return keys;
      asking ??= ask();
      return asking;
    },
    expired() {
      keys = undefined;
    },
  };
}

function endsSoon({ expiration }: Credentials): boolean {
  return expiration !== undefined && expiration.getTime() - Date.now() < earlyMs;
}
