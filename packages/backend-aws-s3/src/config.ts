import {
  type BackendOptions,
  type BackendSettings,
  backendFields,
  checkOptions,
  defineOptions,
  type Fields,
  flag,
  instance,
  type OptionsSchema,
  oneOf,
  optional,
  secretsIn,
  text,
  url,
  withDefault,
} from '@storage/core/driver';
import type { S3ClientConfig, Transport } from '@storage/s3-protocol';
import { awsCapabilities } from './capabilities.ts';
import { rules } from './config-rules.ts';
import type { AwsS3DriverOptions } from './driver.ts';
import { type Service, serviceOf } from './service.ts';

/** Options of `AwsS3Backend`. */
export interface AwsS3Options extends BackendOptions {
  /** Name of the bucket, or ARN of an access point. */
  readonly bucketName: string;
  /** @default AWS_REGION, or the region of the profile */
  readonly region?: string | undefined;
  /** @default the SDK's chain: environment, profile, SSO, web identity, container, instance */
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  /** Belongs to temporary keys. */
  readonly sessionToken?: string | undefined;
  /** A provider of the SDK, in place of keys: what it gives is renewed before it expires. */
  readonly credentials?: AwsCredentials | undefined;
  /** Section of the shared configuration files of AWS. @default AWS_PROFILE, or 'default' */
  readonly profile?: string | undefined;
  /** Storage class of files that are saved without one. @default 'STANDARD' */
  readonly storageClass?: string | undefined;
  /** Encryption that every write asks for. @default none: that of the bucket, which is at least AES256 */
  readonly sse?: 'AES256' | 'aws:kms' | 'aws:kms:dsse' | undefined;
  /** Id, alias or ARN of the key, with `sse: 'aws:kms'`. @default the key of AWS for S3 */
  readonly kmsKeyId?: string | undefined;
  /** Whether one key of the bucket serves many files, with `sse: 'aws:kms'`: fewer calls of KMS. @default that of the bucket */
  readonly bucketKeyEnabled?: boolean | undefined;
  /** Create the bucket when a write meets none. @default false */
  readonly createBucket?: boolean | undefined;
  /** Whether versions are used, as far as the bucket has them: see `enableVersioning`. @default true */
  readonly versions?: boolean | undefined;
  /** Address of a VPC endpoint, or of another service that speaks S3. @default that of AWS in the region */
  readonly endpointUrl?: string | undefined;
  /** Who answers at `endpointUrl`: it decides what can be relied on. @default 'aws' at addresses of AWS, else 'generic' */
  readonly service?: Service | undefined;
  /** Address that signed URLs begin with. @default endpointUrl */
  readonly publicEndpointUrl?: string | undefined;
  /** Whether the bucket is in the path of a URL, not in its host. @default false on AWS, true elsewhere */
  readonly pathStyle?: boolean | undefined;
  /** Use the accelerated addresses, which the bucket must have switched on. @default false */
  readonly accelerate?: boolean | undefined;
  /** Use the addresses that answer on IPv6 as well. @default false */
  readonly dualStack?: boolean | undefined;
  /** Use the addresses with validated cryptography. @default false */
  readonly fips?: boolean | undefined;
  /** Certificate authorities to trust, as PEM: a service behind a private one. @default those of Node.js */
  readonly ca?: string | undefined;
  /**
   * Who sends the requests that most calls consist of: the AWS SDK (`sdk`), or this package, signed and over `node:http`
   * (`direct`), at a fraction of the CPU. `auto`: direct, except for what only the SDK knows: access points and directory
   * buckets, `accelerate`, `dualStack`, `fips`, and addresses that the configuration of AWS sets. Every other request
   * goes through the SDK, which is loaded when it is first needed. @default 'auto'
   */
  readonly transport?: Transport | undefined;
}

/** A function that gives credentials, or credentials, as the SDK takes them. */
type AwsCredentials = NonNullable<S3ClientConfig['credentials']>;

type Given = Omit<AwsS3Options, keyof BackendOptions | 'createBucket' | 'versions' | 'transport'>;

export type AwsS3Settings = BackendSettings & { readonly [K in keyof Given]-?: Given[K] } & {
  readonly createBucket: boolean;
  readonly versions: boolean;
  readonly transport: Transport;
};

const arn = /^arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint[/:][\w.-]+$/;
const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const fields: Fields<AwsS3Settings> = {
  ...backendFields,
  bucketName: text({
    pattern: new RegExp(`${bucket.source}|${arn.source}`),
    expected: 'a bucket name (3 to 63 of a-z, 0-9, "." and "-"), or the ARN of an access point',
  }),
  region: optional(text({ pattern: /^[a-z0-9-]+$/, expected: 'a region such as eu-west-1' })),
  accessKey: optional(text()),
  secretKey: optional(text({ secret: true })),
  sessionToken: optional(text({ secret: true })),
  credentials: optional(instance<AwsCredentials>('a credential provider of the SDK', isCredentials)),
  profile: optional(text()),
  storageClass: optional(oneOf(...(awsCapabilities.tiers || []))),
  sse: optional(oneOf('AES256', 'aws:kms', 'aws:kms:dsse')),
  kmsKeyId: optional(text()),
  bucketKeyEnabled: optional(flag()),
  createBucket: withDefault(flag(), false),
  versions: withDefault(flag(), true),
  endpointUrl: optional(url()),
  service: optional(oneOf('aws', 'generic')),
  publicEndpointUrl: optional(url()),
  pathStyle: optional(flag()),
  accelerate: optional(flag()),
  dualStack: optional(flag()),
  fips: optional(flag()),
  ca: optional(text({ multiline: true, pattern: /-----BEGIN CERTIFICATE-----/, expected: 'certificates as PEM' })),
  transport: withDefault(oneOf('auto', 'sdk', 'direct'), 'auto'),
};

export const awsS3Options: OptionsSchema<AwsS3Settings> = defineOptions({ backend: 'AwsS3Backend', fields, rules });

/** The options, checked: what every backend takes, and what the driver needs. */
export function parseOptions(options: AwsS3Options): {
  readonly settings: BackendSettings;
  readonly driver: AwsS3DriverOptions;
} {
  const settings = checkOptions(awsS3Options, options);
  const service = serviceOf(settings);
  const { sse, kmsKeyId: keyId, bucketKeyEnabled: bucketKey } = settings;
  const driver: AwsS3DriverOptions = {
    bucketName: settings.bucketName,
    region: settings.region ?? regionOf(settings, service),
    endpointUrl: settings.endpointUrl,
    publicEndpointUrl: settings.publicEndpointUrl,
    createBucket: settings.createBucket,
    storageClass: settings.storageClass,
    encryption: sse === undefined ? undefined : { algorithm: sse, keyId, bucketKey },
    credentials: credentialsOf(settings),
    secrets: secretsIn(awsS3Options, options),
    pathStyle: settings.pathStyle ?? service === 'generic',
    versions: settings.versions,
    service,
    ca: settings.ca,
    transport: settings.transport,
    client: clientOf(settings),
  };
  return { settings, driver };
}

/** Services that have no regions want some name all the same; an access point has its region in its name. */
function regionOf({ bucketName }: AwsS3Settings, service: Service): string | undefined {
  return bucketName.startsWith('arn:') ? bucketName.split(':')[3] : service === 'generic' ? 'us-east-1' : undefined;
}

function credentialsOf({ accessKey, secretKey, sessionToken, credentials }: AwsS3Settings): AwsCredentials | undefined {
  if (accessKey === undefined || secretKey === undefined) return credentials;
  return { accessKeyId: accessKey, secretAccessKey: secretKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function clientOf({ profile, accelerate, dualStack, fips }: AwsS3Settings): Partial<S3ClientConfig> {
  return {
    // The ARN of an access point says in which region it is.
    useArnRegion: true,
    ...(profile !== undefined && { profile }),
    ...(accelerate !== undefined && { useAccelerateEndpoint: accelerate }),
    ...(dualStack !== undefined && { useDualstackEndpoint: dualStack }),
    ...(fips !== undefined && { useFipsEndpoint: fips }),
  };
}

function isCredentials(value: object): boolean {
  return typeof value === 'function' || ('accessKeyId' in value && 'secretAccessKey' in value);
}
