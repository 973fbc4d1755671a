import type { BlobServiceClient, UserDelegationKey } from '@azure/storage-blob';
import { half, whole } from './half-answer.ts';

/** Gives a key that signs until `expiresAt`. */
export type DelegationKeys = (expiresAt: Date, signal: AbortSignal) => Promise<UserDelegationKey>;

const longestMs = 7 * 24 * 60 * 60 * 1000;
/** Older keys are replaced: what a role assignment or a revocation has changed meanwhile shall not go unseen for long. */
const freshMs = 60 * 60 * 1000;
/** Clocks differ: a key that begins a little earlier is good at once. */
const skewMs = 5 * 60 * 1000;

/**
 * Keys with which the holder of a token signs, each used again while it is fresh and lives long enough.
 * https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
 */
export function createDelegationKeys(
  service: () => Promise<BlobServiceClient>,
  now: () => number = Date.now,
): DelegationKeys {
  let kept: { readonly key: UserDelegationKey; readonly since: number; readonly until: number } | undefined;

  return async (expiresAt, signal) => {
    const at = now();
    if (kept !== undefined && at - kept.since < freshMs && expiresAt.getTime() <= kept.until) return kept.key;
    // At most seven days from its beginning, which is why the longest signatures allow for no skew.
    const start = Math.max(at - skewMs, expiresAt.getTime() - longestMs);
    const until = Math.floor((start + longestMs) / 1000) * 1000;
    const account = await service();
    const ask = () => account.getUserDelegationKey(new Date(start), new Date(until), { abortSignal: signal });
    const key = await whole('a delegation key', ask);
    // Declared to be there always; the SDK makes a key without one of an empty answer.
    if ((key.value as string | undefined) === undefined) throw half('a delegation key');
    kept = { key, since: at, until: key.signedExpiresOn.getTime() };
    return key;
  };
}
