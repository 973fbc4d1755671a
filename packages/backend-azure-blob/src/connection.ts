import type {
  BlobServiceClient,
  BlockBlobClient,
  ContainerClient,
  Pipeline,
  RequestPolicyFactory,
} from '@azure/storage-blob';
import { createAgents, DriverFault } from '@storage/core/driver';
import type { CopyLimits } from './copy/limits.ts';
import type { Credentials } from './credentials.ts';
import { readingFrom } from './secondary.ts';
import { settingHeaders } from './set-headers.ts';
import { guardingVersions, type VersionsSeen } from './versions-guard.ts';

/** Where the container is, who asks, and what every request of it carries. */
export interface AzureBlobDriverOptions {
  readonly credentials: Credentials;
  /** Address of the account: `https://<account>.blob.core.windows.net`, or an emulator's. */
  readonly endpointUrl: string;
  /** Where reads go; undefined: to the account's own address. */
  readonly secondaryEndpoint: string | undefined;
  readonly containerName: string;
  /** Access tier of what is written without one. */
  readonly tier: string | undefined;
  readonly encryptionScope: string | undefined;
  readonly customerProvidedKey: string | undefined;
  /** Whether the account has versions. */
  readonly versions: boolean;
  /** Whether a missing container may be created. */
  readonly createContainer: boolean;
  readonly ca: string | undefined;
  /** @default what the service takes */
  readonly copyLimits?: CopyLimits;
}

/** An open driver's way to its container. */
export interface Connection {
  readonly sdk: typeof import('@azure/storage-blob');
  readonly options: AzureBlobDriverOptions;
  readonly container: ContainerClient;
  /** What is known of the account's versions. */
  readonly versions: VersionsSeen;
  /** The account, for what is not about one container. */
  service(): BlobServiceClient;
  /** The same container, with something more done to each request. */
  readonly containerWith: (...policies: readonly RequestPolicyFactory[]) => ContainerClient;
  close(): void;
}

/** Gives the connection of a driver that is open. */
export type Reach = () => Connection;

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

/** Loads the SDK and builds a client that makes one attempt per call; sends nothing. */
export async function connect(options: AzureBlobDriverOptions): Promise<Connection> {
  const { ca, credentials } = options;
  const [sdk, agents] = await Promise.all([import('@azure/storage-blob'), createAgents({ maxSockets, ca })]);
  const pipelineOptions = {
    retryOptions: { maxTries: 1 },
    // Not among the declared options, but handed on to the pipeline that knows it.
    agent: options.endpointUrl.startsWith('https:') ? agents.https : agents.http,
  };
  const versions: VersionsSeen = { known: false, given: undefined };
  const policies = policiesOf(options, versions);
  const pipeline = (more: readonly RequestPolicyFactory[]): Pipeline => {
    const made = sdk.newPipeline(credentialOf(sdk, credentials), pipelineOptions);
    // None where none is needed: the first one costs every request a translation of it.
    made.factories.push(...policies, ...more);
    return made;
  };
  const containerWith = (...more: readonly RequestPolicyFactory[]): ContainerClient =>
    new sdk.ContainerClient(urlOf(options), pipeline(more));
  return {
    sdk,
    options,
    container: containerWith(),
    versions,
    service: () => new sdk.BlobServiceClient(options.endpointUrl, pipeline([])),
    containerWith,
    close: () => agents.destroy(),
  };
}

/** The blob of a key, or one version of it. */
export function blobOf({ container }: Pick<Connection, 'container'>, key: string, versionId?: string): BlockBlobClient {
  if (key.includes('\\')) {
    throw new DriverFault('InvalidKey', 'this service takes a backslash for "/" and would use another key');
  }
  const blob = container.getBlockBlobClient(key);
  return versionId === undefined ? blob : blob.withVersion(versionId).getBlockBlobClient();
}

function urlOf({ endpointUrl, containerName, credentials }: AzureBlobDriverOptions): string {
  const signature = credentials.kind === 'sas' ? `?${credentials.token}` : '';
  return `${endpointUrl}/${containerName}${signature}`;
}

function credentialOf(
  sdk: Connection['sdk'],
  credentials: Credentials,
): NonNullable<Parameters<typeof sdk.newPipeline>[0]> {
  if (credentials.kind === 'token') return credentials.credential;
  if (credentials.kind === 'sas') return new sdk.AnonymousCredential();
  return new sdk.StorageSharedKeyCredential(credentials.accountName, credentials.accountKey);
}

function policiesOf(options: AzureBlobDriverOptions, versions: VersionsSeen): readonly RequestPolicyFactory[] {
  const { endpointUrl, secondaryEndpoint } = options;
  const headers = settingHeaders(options);
  return [
    ...(options.versions ? [guardingVersions(versions)] : []),
    ...(headers === undefined ? [] : [headers]),
    ...(secondaryEndpoint === undefined ? [] : [readingFrom(endpointUrl, secondaryEndpoint)]),
  ];
}
