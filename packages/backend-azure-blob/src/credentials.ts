import type { ConnectionParts } from './connection-string.ts';

/** What `@azure/identity` makes, or anything that gives tokens in the same way. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    // biome-ignore lint/suspicious/noExplicitAny: the options of the credential's own package, which is not a dependency
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
    options?: any,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** How requests are authorized. */
export type Credentials =
  | { readonly kind: 'key'; readonly accountName: string; readonly accountKey: string }
  | { readonly kind: 'sas'; readonly token: string }
  | { readonly kind: 'token'; readonly accountName: string; readonly credential: TokenCredential };

/** The ways of authorizing requests, of which exactly one is given. */
export interface Ways {
  readonly accountName: string | undefined;
  readonly accountKey: string | undefined;
  readonly connectionString: string | undefined;
  readonly sasUrl: string | undefined;
  readonly sasToken: string | undefined;
  readonly credential: TokenCredential | undefined;
}

const wayNames = ['accountKey', 'connectionString', 'sasUrl', 'sasToken', 'credential'] as const;

/** What is wrong with the ways that are given, as a sentence. */
export function faultOfWays(ways: Ways): string | undefined {
  const given = wayNames.filter((name) => ways[name] !== undefined);
  if (given.length === 0) {
    return 'nothing authorizes requests: give accountName with accountKey, credential or sasToken, or a connectionString, or a sasUrl';
  }
  if (given.length > 1) return `${given.join(' and ')} each authorize requests: give one of them`;
  const [way] = given;
  if (way === 'connectionString' || way === 'sasUrl') {
    return ways.accountName === undefined ? undefined : `accountName is part of the ${way}: leave it out`;
  }
  return ways.accountName === undefined ? `accountName is missing: ${String(way)} needs it` : undefined;
}

/** What is wrong with a connection string, as a sentence that shows nothing of it. */
export function faultOfConnectionString({
  accountName,
  accountKey,
  sasToken,
  endpointUrl,
}: ConnectionParts): string | undefined {
  if (endpointUrl === undefined || !URL.canParse(endpointUrl)) {
    return 'connectionString has neither AccountName nor a BlobEndpoint that is a URL';
  }
  if (accountKey === undefined && sasToken === undefined) {
    return 'connectionString has neither AccountKey nor SharedAccessSignature';
  }
  return accountKey !== undefined && accountName === undefined ? 'connectionString has no AccountName' : undefined;
}

/** A shared access signature without the question mark that portals put in front. */
export function bareSas(token: string): string {
  return token.replace(/^\?/, '');
}

/** Secret texts of a driver's options: never to be shown. */
export function secretsOf(options: {
  readonly credentials: Credentials;
  readonly customerProvidedKey: string | undefined;
}): readonly string[] {
  const { credentials, customerProvidedKey } = options;
  const keys = customerProvidedKey === undefined ? [] : [customerProvidedKey];
  if (credentials.kind === 'key') return [...keys, credentials.accountKey];
  if (credentials.kind === 'token') return keys;
  const signature = new URLSearchParams(credentials.token).get('sig') ?? credentials.token;
  return [...keys, credentials.token, signature];
}
