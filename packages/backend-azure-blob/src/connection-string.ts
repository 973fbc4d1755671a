/** What of a connection string this library reads. */
export interface ConnectionParts {
  readonly accountName: string | undefined;
  readonly accountKey: string | undefined;
  readonly sasToken: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly secondaryEndpoint: string | undefined;
}

/** The account that every emulator has, with the key that Microsoft published for it. */
const emulated: ConnectionParts = {
  accountName: 'devstoreaccount1',
  accountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  sasToken: undefined,
  endpointUrl: 'http://127.0.0.1:10000/devstoreaccount1',
  secondaryEndpoint: 'http://127.0.0.1:10000/devstoreaccount1-secondary',
};

/**
 * Reads a connection string; a part that is not there is undefined.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function parseConnectionString(text: string): ConnectionParts {
  const parts = new Map(
    text.split(';').flatMap((part): [string, string][] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [] : [[part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()]];
    }),
  );
  const given = (name: string): string | undefined => parts.get(name) || undefined;
  if (given('usedevelopmentstorage')?.toLowerCase() === 'true') return emulated;

  const accountName = given('accountname');
  const protocol = given('defaultendpointsprotocol') ?? 'https';
  const suffix = given('endpointsuffix') ?? 'core.windows.net';
  return {
    accountName,
    accountKey: given('accountkey'),
    sasToken: given('sharedaccesssignature'),
    endpointUrl:
      given('blobendpoint') ?? (accountName === undefined ? undefined : `${protocol}://${accountName}.blob.${suffix}`),
    secondaryEndpoint: given('blobsecondaryendpoint'),
  };
}
