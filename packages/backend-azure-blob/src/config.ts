import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  checkOptions,
  defineOptions,
  flag,
  instance,
  type OptionsRule,
  type OptionsSchema,
  oneOf,
  optional,
  text,
  url,
  withDefault,
} from '@storage/core/driver';
import type { AzureBlobDriverOptions, Transport } from './connection.ts';
import { parseConnectionString } from './connection-string.ts';
import {
  bareSas,
  type Credentials,
  faultOfConnectionString,
  faultOfWays,
  type TokenCredential,
} from './credentials.ts';
import { parseSasUrl, secondaryOf, withoutSlash } from './endpoints.ts';

/**
 * Options of `AzureBlobBackend`. Exactly one of `accountKey`, `connectionString`, `sasUrl`, `sasToken` and `credential`
 * authorizes the requests.
 */
export interface AzureBlobOptions extends BackendOptions {
  /** Name of the storage account; part of a `connectionString` or `sasUrl`. */
  readonly accountName?: string | undefined;
  /** One of the two keys of the account, in base64. */
  readonly accountKey?: string | undefined;
  /** As the portal shows it, with `AccountKey` or `SharedAccessSignature`; `UseDevelopmentStorage=true` is Azurite. */
  readonly connectionString?: string | undefined;
  /** URL of the container or the account with a shared access signature. */
  readonly sasUrl?: string | undefined;
  /** A shared access signature alone. */
  readonly sasToken?: string | undefined;
  /** Gives tokens of Microsoft Entra ID: `new DefaultAzureCredential()` of `@azure/identity`, which you install. */
  readonly credential?: TokenCredential | undefined;
  /** 3 to 63 of a-z, 0-9 and single "-"; may be part of the `sasUrl`. */
  readonly containerName?: string | undefined;
  /** Address of the account: Azurite, another cloud, a domain of yours. @default `https://<accountName>.blob.core.windows.net` */
  readonly endpointUrl?: string | undefined;
  /** Read from the other region of a geo-redundant account, which lags behind; then nothing can be written. @default false */
  readonly readFromSecondary?: boolean | undefined;
  /** Address of the other region. @default that of the account with `-secondary` in its name */
  readonly secondaryEndpoint?: string | undefined;
  /** Access tier of what is written without one. @default that of the account */
  readonly tier?: AccessTier | undefined;
  /** Encryption scope of what is written. @default that of the container */
  readonly encryptionScope?: string | undefined;
  /** Key of 256 bits in base64 with which this client alone can read what it wrote. */
  readonly customerProvidedKey?: string | undefined;
  /** Whether the account has blob versioning switched on. @default false */
  readonly versions?: boolean | undefined;
  /** Create the container when a write meets none. @default true */
  readonly createContainer?: boolean | undefined;
  /** Certificate authorities to trust, as PEM, in place of those that Node.js knows: an emulator with TLS. */
  readonly ca?: string | undefined;
  /**
   * Who sends reads, writes, deletes and listings: the SDK (`sdk`), or this package (`direct`), at a fraction of the
   * CPU. `auto` is direct. All else goes through the SDK, which is loaded when it is first needed. @default 'auto'
   */
  readonly transport?: Transport | undefined;
}

/** Access tier of a block blob. */
export type AccessTier = 'Hot' | 'Cool' | 'Cold' | 'Archive';

/** Names of the access tiers. */
export const accessTiers = ['Hot', 'Cool', 'Cold', 'Archive'] as const;

interface AzureBlobSettings extends BackendSettings {
  readonly accountName: string | undefined;
  readonly accountKey: string | undefined;
  readonly connectionString: string | undefined;
  readonly sasUrl: string | undefined;
  readonly sasToken: string | undefined;
  readonly credential: TokenCredential | undefined;
  readonly containerName: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly readFromSecondary: boolean;
  readonly secondaryEndpoint: string | undefined;
  readonly tier: AccessTier | undefined;
  readonly encryptionScope: string | undefined;
  readonly customerProvidedKey: string | undefined;
  readonly versions: boolean;
  readonly createContainer: boolean;
  readonly ca: string | undefined;
  readonly transport: Transport;
}

const containerNames = /^(?:(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]|\$root|\$web)$/;
const aContainerName = 'a container name (3 to 63 of a-z, 0-9 and single "-")';
const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const wayNames = ['accountName', 'accountKey', 'connectionString', 'sasUrl', 'sasToken', 'credential'] as const;
const addressNames = [...wayNames, 'endpointUrl'] as const;

const rules: readonly OptionsRule<AzureBlobSettings>[] = [
  { of: wayNames, check: faultOfWays },
  {
    of: ['connectionString'],
    check: ({ connectionString }) =>
      connectionString === undefined ? undefined : faultOfConnectionString(parseConnectionString(connectionString)),
  },
  {
    of: ['connectionString', 'sasUrl', 'endpointUrl'],
    check: ({ connectionString, sasUrl, endpointUrl }) =>
      endpointUrl === undefined || (connectionString === undefined && sasUrl === undefined)
        ? undefined
        : `endpointUrl is part of the ${sasUrl === undefined ? 'connectionString' : 'sasUrl'}: leave it out`,
  },
  { of: ['sasUrl', 'containerName'], check: faultOfContainer },
  {
    of: addressNames,
    check: (settings) =>
      settings.credential !== undefined && isPlain(addressOf(settings)?.endpointUrl)
        ? 'endpointUrl must begin with https://, since a credential never sends its tokens in clear text'
        : undefined,
  },
  {
    of: [...addressNames, 'customerProvidedKey'],
    check: (settings) =>
      settings.customerProvidedKey !== undefined && isPlain(addressOf(settings)?.endpointUrl)
        ? 'endpointUrl must begin with https://, since customerProvidedKey never goes in clear text'
        : undefined,
  },
  {
    of: ['encryptionScope', 'customerProvidedKey'],
    check: ({ encryptionScope, customerProvidedKey }) =>
      encryptionScope === undefined || customerProvidedKey === undefined
        ? undefined
        : 'encryptionScope and customerProvidedKey cannot be given together: the service takes one of them',
  },
  {
    of: ['readFromSecondary', 'secondaryEndpoint'],
    check: ({ readFromSecondary, secondaryEndpoint }) =>
      secondaryEndpoint === undefined || readFromSecondary
        ? undefined
        : 'secondaryEndpoint is for readFromSecondary: true, which is not given',
  },
  {
    of: [...addressNames, 'readFromSecondary', 'secondaryEndpoint'],
    check: (settings) =>
      settings.readFromSecondary && addressOf(settings) !== undefined && secondaryIn(settings) === undefined
        ? 'secondaryEndpoint is missing: the address of the account does not tell where its other region is'
        : undefined,
  },
];

/** How the options are checked, for the constructor and for `createConfig`. */
export const azureBlobOptions: OptionsSchema<AzureBlobSettings> = defineOptions({
  backend: 'AzureBlobBackend',
  fields: {
    ...backendFields,
    accountName: optional(text({ pattern: /^[a-z0-9]{3,24}$/, expected: 'an account name (3 to 24 of a-z and 0-9)' })),
    accountKey: optional(text({ secret: true, pattern: base64, expected: 'an account key (base64)' })),
    connectionString: optional(
      text({ secret: true, pattern: /=/, expected: 'a connection string (AccountName=…;AccountKey=…)' }),
    ),
    sasUrl: optional(
      text({
        secret: true,
        pattern: /^https?:\/\/[^?#\s]+\?[^#\s]*\bsig=[^#\s]+$/,
        expected: 'the URL of a container or account with a shared access signature (https://…?sv=…&sig=…)',
      }),
    ),
    sasToken: optional(
      text({
        secret: true,
        pattern: /^\??(?=.*\bs[vi]=)(?:[^#\s]*&)?sig=[^&#\s]+/,
        expected: 'a shared access signature (sv=…&sig=…)',
      }),
    ),
    credential: optional(
      instance<TokenCredential>(
        'a TokenCredential',
        (value) => 'getToken' in value && typeof value.getToken === 'function',
      ),
    ),
    containerName: optional(text({ pattern: containerNames, expected: aContainerName })),
    endpointUrl: optional(url()),
    readFromSecondary: withDefault(flag(), false),
    secondaryEndpoint: optional(url()),
    tier: optional(oneOf(...accessTiers)),
    encryptionScope: optional(text({ pattern: /^[A-Za-z0-9-]{3,63}$/, expected: 'the name of an encryption scope' })),
    customerProvidedKey: optional(
      text({ secret: true, pattern: /^[A-Za-z0-9+/]{43}=$/, expected: 'a key of 256 bits in base64' }),
    ),
    versions: withDefault(flag(), false),
    createContainer: withDefault(flag(), true),
    transport: withDefault(oneOf('auto', 'sdk', 'direct'), 'auto'),
    ca: optional(text({ multiline: true, pattern: /-----BEGIN CERTIFICATE-----/, expected: 'certificates as PEM' })),
  },
  rules,
});

/** The options, checked: what every backend takes, and what the driver needs. Throws `InvalidConfig`. */
export function parseOptions(options: AzureBlobOptions): { settings: BackendSettings; driver: AzureBlobDriverOptions } {
  const settings = checkOptions(azureBlobOptions, options);
  const { readFromSecondary, tier, encryptionScope, customerProvidedKey, versions, createContainer } = settings;
  const address = addressOf(settings) as Address;
  const driver: AzureBlobDriverOptions = {
    credentials: address.credentials,
    endpointUrl: withoutSlash(address.endpointUrl),
    containerName: (settings.containerName ?? address.containerName) as string,
    secondaryEndpoint: readFromSecondary ? secondaryIn(settings) : undefined,
    tier,
    encryptionScope,
    customerProvidedKey,
    versions,
    createContainer,
    ca: settings.ca,
    transport: settings.transport,
  };
  return { settings, driver };
}

/** What the one way that is given says: who asks, and where. */
interface Address {
  readonly credentials: Credentials;
  readonly endpointUrl: string;
  readonly secondaryEndpoint?: string | undefined;
  readonly containerName?: string | undefined;
}

/** Undefined while the options are at fault. */
function addressOf(settings: AzureBlobSettings): Address | undefined {
  const { accountName, accountKey, sasToken, credential, sasUrl, connectionString } = settings;
  if (faultOfWays(settings) !== undefined) return undefined;
  if (sasUrl !== undefined) {
    const { token, ...rest } = parseSasUrl(sasUrl);
    return { ...rest, credentials: { kind: 'sas', token } };
  }
  if (connectionString !== undefined) return addressIn(connectionString);
  if (accountName === undefined) return undefined;
  const endpointUrl = settings.endpointUrl ?? `https://${accountName}.blob.core.windows.net`;
  if (accountKey !== undefined) return { endpointUrl, credentials: { kind: 'key', accountName, accountKey } };
  if (sasToken !== undefined) return { endpointUrl, credentials: { kind: 'sas', token: bareSas(sasToken) } };
  return credential && { endpointUrl, credentials: { kind: 'token', accountName, credential } };
}

function addressIn(connectionString: string): Address | undefined {
  const parts = parseConnectionString(connectionString);
  const { accountName = '', accountKey, sasToken = '', endpointUrl, secondaryEndpoint } = parts;
  if (faultOfConnectionString(parts) !== undefined || endpointUrl === undefined) return undefined;
  const credentials: Credentials =
    accountKey === undefined ? { kind: 'sas', token: bareSas(sasToken) } : { kind: 'key', accountName, accountKey };
  return { credentials, endpointUrl, secondaryEndpoint };
}

function secondaryIn(settings: AzureBlobSettings): string | undefined {
  const address = addressOf(settings);
  const given = settings.secondaryEndpoint ?? address?.secondaryEndpoint;
  if (given !== undefined) return withoutSlash(given);
  return address && secondaryOf(address.endpointUrl);
}

function faultOfContainer({ sasUrl, containerName }: AzureBlobSettings): string | undefined {
  const inUrl = sasUrl === undefined ? undefined : parseSasUrl(sasUrl).containerName;
  if (inUrl === undefined) {
    return containerName === undefined ? `containerName is missing: ${aContainerName}` : undefined;
  }
  if (!containerNames.test(inUrl)) return `the container in sasUrl must be ${aContainerName}`;
  return containerName === undefined || containerName === inUrl
    ? undefined
    : `containerName is ${containerName}, but sasUrl is of the container ${inUrl}`;
}

function isPlain(endpointUrl: string | undefined): boolean {
  return endpointUrl !== undefined && /^http:/i.test(endpointUrl);
}
