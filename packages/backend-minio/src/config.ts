import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  checkOptions,
  count,
  defineOptions,
  flag,
  type OptionsSchema,
  oneOf,
  optional,
  text,
  withDefault,
} from '@storage/core/driver';
import type { Transport } from '@storage/s3-protocol';
import type { MinioDriverOptions } from './driver.ts';

/** Options of `MinioBackend`. */
export interface MinioOptions extends BackendOptions {
  /** Address of the server: `http://localhost:9000`, or `localhost:9000` and `secure`. */
  readonly endpointUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucketName: string;
  /** Whether to use TLS, where the address does not say. @default true */
  readonly secure?: boolean | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Address that signed URLs begin with, where others reach the server: behind a proxy, outside of Docker. @default endpointUrl */
  readonly publicEndpointUrl?: string | undefined;
  /** Create the bucket when a write meets none. @default true */
  readonly createBucket?: boolean | undefined;
  /** Whether objects can be locked, in a bucket that this creates: see `setRetention`. @default false */
  readonly objectLock?: boolean | undefined;
  /**
   * Encryption at rest that every write asks for: the server must have a KMS.
   * See https://min.io/docs/minio/linux/operations/server-side-encryption.html
   * @default none but the bucket's own
   */
  readonly sse?: 'AES256' | 'aws:kms' | undefined;
  /** Key of the KMS, for `sse: 'aws:kms'`. @default the key of the server */
  readonly kmsKeyId?: string | undefined;
  /** Certificate authorities to trust, as PEM: a server with a certificate of a private one. @default those of Node.js */
  readonly ca?: string | undefined;
  /** Most connections to the server at once. @default 64 */
  readonly maxConnections?: number | undefined;
  /**
   * Who sends the requests that most calls consist of: the AWS SDK (`sdk`), or this package, signed and over `node:http`
   * (`direct`), at a fraction of the CPU. `auto`: direct. Every other request goes through the SDK, which is
   * loaded when it is first needed. @default 'auto'
   */
  readonly transport?: Transport | undefined;
  /** Whether versions are used, as far as the bucket has them: see `enableVersioning`. @default true */
  readonly versions?: boolean | undefined;
}

interface MinioSettings extends BackendSettings {
  readonly endpointUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucketName: string;
  readonly secure: boolean | undefined;
  readonly region: string;
  readonly publicEndpointUrl: string | undefined;
  readonly createBucket: boolean;
  readonly objectLock: boolean;
  readonly sse: 'AES256' | 'aws:kms' | undefined;
  readonly kmsKeyId: string | undefined;
  readonly ca: string | undefined;
  readonly maxConnections: number;
  readonly versions: boolean;
  readonly transport: Transport;
}

const scheme = /^https?:\/\//i;

function address(needsScheme: boolean): RegExp {
  const host = /(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?\/?$/;
  return new RegExp(`^(?:https?:\\/\\/)${needsScheme ? '' : '?'}${host.source}`, 'i');
}

export const minioOptions: OptionsSchema<MinioSettings> = defineOptions({
  backend: 'MinioBackend',
  fields: {
    ...backendFields,
    endpointUrl: text({
      pattern: address(false),
      expected: 'an address such as http://localhost:9000',
    }),
    accessKey: text(),
    secretKey: text({ secret: true }),
    bucketName: text({
      pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      expected: 'a bucket name (3 to 63 of a-z, 0-9, "." and "-")',
    }),
    secure: optional(flag()),
    region: withDefault(text(), 'us-east-1'),
    publicEndpointUrl: optional(
      text({ pattern: address(true), expected: 'an address such as https://files.example.com' }),
    ),
    createBucket: withDefault(flag(), true),
    objectLock: withDefault(flag(), false),
    sse: optional(oneOf('AES256', 'aws:kms')),
    kmsKeyId: optional(text()),
    ca: optional(text({ multiline: true, pattern: /-----BEGIN CERTIFICATE-----/, expected: 'certificates as PEM' })),
    maxConnections: withDefault(count({ min: 1 }), 64),
    versions: withDefault(flag(), true),
    transport: withDefault(oneOf('auto', 'sdk', 'direct'), 'auto'),
  },
  rules: [
    {
      of: ['kmsKeyId', 'sse'],
      check: ({ kmsKeyId, sse }) =>
        kmsKeyId === undefined || sse === 'aws:kms' ? undefined : "kmsKeyId is for sse: 'aws:kms'",
    },
    {
      of: ['endpointUrl', 'secure'],
      check: ({ endpointUrl, secure }) => {
        const fits = secure === undefined || !scheme.test(endpointUrl) || secure === /^https:/i.test(endpointUrl);
        return fits
          ? undefined
          : `secure is ${String(secure)}, but endpointUrl begins with ${endpointUrl.slice(0, endpointUrl.indexOf('/') + 2)}`;
      },
    },
  ],
});

/** The options, checked: what every backend takes, and what the driver needs. */
export function parseOptions(options: MinioOptions): { settings: BackendSettings; driver: MinioDriverOptions } {
  const settings = checkOptions(minioOptions, options);
  const { accessKey, secretKey, bucketName, region, createBucket, publicEndpointUrl } = settings;
  const { objectLock, sse, kmsKeyId, ca, maxConnections, versions, transport } = settings;
  const driver = {
    endpointUrl: withScheme(settings),
    publicEndpointUrl,
    accessKey,
    secretKey,
    bucketName,
    region,
    createBucket,
    objectLock,
    ca,
    maxConnections,
    versions,
    transport,
    ...(sse !== undefined && { encryption: { algorithm: sse, keyId: kmsKeyId } }),
  };
  return { settings, driver };
}

function withScheme({ endpointUrl, secure }: MinioSettings): string {
  if (scheme.test(endpointUrl)) return endpointUrl;
  return `${secure === false ? 'http' : 'https'}://${endpointUrl}`;
}
