/** The address of an account without a slash at its end. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/**
 * The address from which a geo-redundant account can be read in its other region; undefined where the name does not
 * tell it. https://learn.microsoft.com/azure/storage/common/geo-redundant-design
 */
export function secondaryOf(endpointUrl: string): string | undefined {
  const url = new URL(endpointUrl);
  const [account = '', ...domain] = url.hostname.split('.');
  if (domain[0] !== 'blob' && !(domain[0]?.startsWith('z') === true && domain[1] === 'blob')) return undefined;
  url.hostname = [`${account}-secondary`, ...domain].join('.');
  return withoutSlash(url.href);
}

/** Account address, container and signature in a SAS URL of a container or an account. */
export interface SasUrlParts {
  readonly endpointUrl: string;
  readonly containerName: string | undefined;
  readonly token: string;
}

/** Takes a SAS URL apart; emulators and addresses by IP have the account as their first segment. */
export function parseSasUrl(text: string): SasUrlParts {
  const url = new URL(text);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const isPathStyle = /^(?:localhost|\d+\.\d+\.\d+\.\d+|\[.*\])$/.test(url.hostname);
  const account = isPathStyle ? segments.slice(0, 1) : [];
  const [containerName] = segments.slice(account.length);
  return {
    endpointUrl: [url.origin, ...account].join('/'),
    containerName,
    token: url.search.slice(1),
  };
}
