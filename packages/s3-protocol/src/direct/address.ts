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
export function addressOf({ endpointUrl, region = '', bucketName, pathStyle }: S3DriverOptions): Address {
  const url = new URL(
    endpointUrl ?? `https://s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
  );
  // A certificate for `*.s3.amazonaws.com` does not cover a name with dots.
  const inPath = pathStyle || bucketName.includes('.');
  const before = inPath ? '' : `${bucketName}.`;
  const root = `${url.pathname.replace(/\/$/, '')}${inPath ? `/${bucketName}` : ''}`;
  return {
    isTls: url.protocol === 'https:',
    // Brackets of an IPv6 address belong to the URL.
    hostname: before + url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    host: before + url.host,
    pathOf: (key) => (key === '' ? root || '/' : `${root}/${encodePath(key)}`),
  };
}

/** Why requests to this bucket cannot be signed and sent here: what the SDK knows of it is not worth a second copy. */
export function whyNotDirect({ bucketName, client, endpointUrl, region }: S3DriverOptions): string | undefined {
  if (client !== undefined && Object.keys(client).length > 0) return 'the client of the SDK has options of its own';
  if (bucketName.startsWith('arn:')) return 'the bucket is an ARN';
  if (bucketName.endsWith('--x-s3')) return 'the bucket is a directory bucket';
  if (bucketName.endsWith('.mrap')) return 'the bucket is a multi-region access point';
  if (region === undefined) return 'the region is left to the SDK';
  if (endpointUrl === undefined && !/^(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)(?:-[a-z]+)+-\d$/.test(region)) {
    return `the address of the region ${region} is known to the SDK alone`;
  }
  return undefined;
}
