import type { HttpPlace } from '@storage/core/driver';

/** Where requests about a container go. */
export interface Address extends HttpPlace {
  /** As the header has it: without a port that is understood. */
  readonly host: string;
  /** `https://<host>` */
  readonly origin: string;
  /** Path of the container, encoded; keys follow it. */
  readonly root: string;
}

/** The address of a container in an account whose address is `endpointUrl`; an emulator's has a path. */
export function addressOf(endpointUrl: string, containerName: string): Address {
  const { protocol, hostname, port, host, origin, pathname } = new URL(endpointUrl);
  return {
    isTls: protocol === 'https:',
    // Brackets of an IPv6 address belong to the URL.
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    host,
    origin,
    root: `${pathname.replace(/\/$/, '')}/${encodeURIComponent(containerName)}`,
  };
}

/** A key as a part of a path, spelled as the SDK spells it: its letters are signed. */
export function encodeKey(key: string): string {
  if (!/[^A-Za-z0-9\-._~/]/.test(key)) return key;
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll("'", '%27');
}
