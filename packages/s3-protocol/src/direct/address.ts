import { isIP } from 'node:net';
import type { S3DriverOptions } from '../options.ts';
import { encodePath } from './sigv4.ts';

/** Where requests go. */
export interface Address {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: string;
  /** As the header has it: without a port that is understood. */
  readonly host: string;
  /** The path of a key; of the bucket itself: `''`. */
  pathOf(key: string): string;
}

/** The address of a bucket: its name in the path, or before the host. */
export function addressOf({ endpointUrl, bucketName, pathStyle }: S3DriverOptions, region: string): Address {
  const url = new URL(
    endpointUrl ?? `https://s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
  );
  // Brackets of an IPv6 address belong to the URL.
  const name = url.hostname.replace(/^\[|\]$/g, '');
  // A certificate for `*.s3.amazonaws.com` does not cover a name with dots, and nothing comes before a number.
  const inPath = pathStyle || bucketName.includes('.') || isIP(name) !== 0;
  const before = inPath ? '' : `${bucketName}.`;
  const root = `${url.pathname.replace(/\/$/, '')}${inPath ? `/${bucketName}` : ''}`;
  return {
    isTls: url.protocol === 'https:',
    hostname: before + name,
    port: url.port,
    host: before + url.host,
    pathOf: (key) => (key === '' ? root || '/' : `${root}/${encodePath(key)}`),
  };
}
