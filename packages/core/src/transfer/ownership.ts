import { randomBytes } from 'node:crypto';
import type { Call } from '../call.ts';
import type { PutResponse } from '../driver.ts';
import { responseFromInfo } from '../operations/results.ts';

/** A proof of ownership: 12 characters that no other write has. */
export function createOwnershipToken(): string {
  return randomBytes(9).toString('base64url');
}

/** The result of a write whose answer was lost, if the object that is there now carries its token (contract 39). */
export async function ownLanding(call: Call, key: string, token: string): Promise<PutResponse | undefined> {
  const info = await call.request({ effect: 'read', run: (context) => call.driver.head({ key }, context) });
  return info.token === token ? responseFromInfo(info) : undefined;
}
