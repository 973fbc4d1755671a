import { publishedPackages } from '../workspace.ts';

/** How a user tries a backend. */
export interface Trial {
  /** Package and class that the user imports. */
  readonly from: string;
  readonly Backend: string;
  /** The constructor's argument, as source text; it reads the address of the server from the environment. */
  readonly options: string;
  /** The server that must run. */
  readonly server?: 'minio' | 'azurite' | 'moto';
  /** Whether a new store keeps versions. */
  readonly versions: boolean;
  /** An option of `save` that this backend does not claim, so that it must not compile; left out where all are claimed. */
  readonly notClaimed?: string;
  /** What such an install must not bring: whatever belongs to another service. */
  readonly without: RegExp;
}

const known: readonly Trial[] = [
  {
    from: '@storage/backend-local',
    Backend: 'LocalBackend',
    options: `{ basePath: './storage' }`,
    versions: true,
    notClaimed: `tier: 'hot'`,
    without: /^(?:@aws-sdk|@smithy|@aws|@azure|@typespec)\//,
  },
  {
    from: '@storage/backend-minio',
    Backend: 'MinioBackend',
    options: `{
      endpointUrl: process.env.STORAGE_TEST_MINIO_ENDPOINT ?? '',
      accessKey: process.env.STORAGE_TEST_MINIO_ACCESS_KEY ?? '',
      secretKey: process.env.STORAGE_TEST_MINIO_SECRET_KEY ?? '',
      bucketName: process.env.TRIAL_STORE ?? '',
      createBucket: true,
    }`,
    server: 'minio',
    versions: false,
    notClaimed: `tier: 'hot'`,
    without: /^(?:@azure|@typespec)\//,
  },
  {
    from: '@storage/backend-aws-s3',
    Backend: 'AwsS3Backend',
    options: `{
      endpointUrl: process.env.STORAGE_TEST_MOTO_ENDPOINT ?? '',
      accessKey: 'trial',
      secretKey: 'trial',
      region: 'us-east-1',
      bucketName: process.env.TRIAL_STORE ?? '',
      createBucket: true,
    }`,
    server: 'moto',
    versions: false,
    without: /^(?:@azure|@typespec)\//,
  },
  {
    from: '@storage/backend-azure-blob',
    Backend: 'AzureBlobBackend',
    options: `{
      endpointUrl: process.env.STORAGE_TEST_AZURITE_ENDPOINT ?? '',
      accountName: process.env.STORAGE_TEST_AZURITE_ACCOUNT_NAME ?? '',
      accountKey: process.env.STORAGE_TEST_AZURITE_ACCOUNT_KEY ?? '',
      containerName: process.env.TRIAL_STORE ?? '',
      createContainer: true,
    }`,
    server: 'azurite',
    versions: false,
    without: /^(?:@aws-sdk|@smithy|@aws)\//,
  },
];

/** The trials of what is published; every backend has one. */
export function trials(): readonly Trial[] {
  const names = publishedPackages().map(({ manifest }) => manifest.name);
  const untried = names.filter((name) => name.includes('/backend-') && !known.some(({ from }) => from === name));
  if (untried.length > 0) throw new Error(`nobody has said how ${untried.join(', ')} is tried: see trials.ts`);
  return known.filter(({ from }) => names.includes(from));
}
