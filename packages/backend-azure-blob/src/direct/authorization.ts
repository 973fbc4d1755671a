import { renewed } from '@storage/core/driver';
import type { Credentials, TokenCredential } from '../credentials.ts';
import { createSharedKeySigner, type Signable } from './shared-key.ts';

/** How requests are authorized. */
export interface Authorization {
  /** What every query ends with, encoded. */
  readonly query: string;
  /** The value of the header `authorization`, where there is one. */
  headerFor(request: Signable): string | undefined | Promise<string | undefined>;
  /** The service does not know who sent this header. Whether another attempt would be better authorized. */
  refused(challenge: string | undefined, sent: string | undefined): boolean;
}

export function createAuthorization(credentials: Credentials): Authorization {
  if (credentials.kind === 'token') return byToken(credentials.credential);
  if (credentials.kind === 'sas') return { query: credentials.token, headerFor: () => undefined, refused: () => false };
  const headerFor = createSharedKeySigner(credentials.accountName, credentials.accountKey);
  return { query: '', headerFor, refused: () => false };
}

const scope = 'https://storage.azure.com/.default';

/** Tokens of Microsoft Entra ID, of the tenant that the account belongs to: the service tells which. */
function byToken(credential: TokenCredential): Authorization {
  let tenantId: string | undefined;
  /** From before the tenant was told: other requests with it are still under way. */
  let outdated: string | undefined;
  const token = renewed(
    () => credential.getToken(scope, tenantId === undefined ? {} : { tenantId }),
    (given) => given?.expiresOnTimestamp,
  );
  const headerOf = (given: { readonly token: string } | null): string | undefined => {
    const header = given === null ? undefined : `Bearer ${given.token}`;
    // A credential that takes no notice of the tenant: nothing would be better the next time.
    if (header === outdated) outdated = undefined;
    return header;
  };
  return {
    query: '',
    headerFor: () => {
      const given = token.get();
      return given instanceof Promise ? given.then(headerOf) : headerOf(given);
    },
    refused: (challenge, sent) => {
      if (sent !== undefined && sent === outdated) return true;
      token.drop();
      const told = tenantIn(challenge);
      if (told === undefined || told === tenantId) return false;
      tenantId = told;
      outdated = sent;
      return true;
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#bearer-challenge */
function tenantIn(challenge: string | undefined): string | undefined {
  return /\bauthorization_uri="?https:\/\/[^/\s"]+\/([^/\s",]+)/.exec(challenge ?? '')?.[1];
}
