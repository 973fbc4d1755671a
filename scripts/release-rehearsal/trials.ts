/** How a user tries a backend; a backend without a trial is only installed and imported. */
export interface Trial {
  /** Package and class that the user imports. */
  readonly from: string;
  readonly Backend: string;
  /** The constructor's argument, as source text; it reads the address of the server from the environment. */
  readonly options: string;
  /** The server that must run. */
  readonly server?: 'minio' | 'azurite';
  /** Whether a new store keeps versions. */
  readonly versions: boolean;
  /** An option of `save` that this backend does not claim, so that it must not compile; left out where all are claimed. */
  readonly notClaimed?: string;
  /** What such an install must not bring: whatever belongs to another service. */
  readonly without: RegExp;
  /** Replacements that make the example of the README meet the test server; each text must be there. */
  readonly readme: Readonly<Record<string, string>>;
}

export const trials: readonly Trial[] = [
  {
    from: '@storage/backend-local',
    Backend: 'LocalBackend',
    options: `{ basePath: './storage' }`,
    versions: true,
    notClaimed: `tier: 'hot'`,
    without: /^(?:@aws-sdk|@smithy|@aws|@azure|@typespec)\//,
    readme: {},
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
    readme: {
      "'http://localhost:9000'": 'process.env.STORAGE_TEST_MINIO_ENDPOINT',
      MINIO_ACCESS_KEY: 'STORAGE_TEST_MINIO_ACCESS_KEY',
      MINIO_SECRET_KEY: 'STORAGE_TEST_MINIO_SECRET_KEY',
    },
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
    readme: {
      "accountName: 'mycompany',":
        'endpointUrl: process.env.STORAGE_TEST_AZURITE_ENDPOINT, accountName: process.env.STORAGE_TEST_AZURITE_ACCOUNT_NAME ?? "",',
      AZURE_STORAGE_KEY: 'STORAGE_TEST_AZURITE_ACCOUNT_KEY',
    },
  },
];
