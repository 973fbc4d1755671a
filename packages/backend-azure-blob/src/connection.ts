import type {
  BlobServiceClient,
  BlockBlobClient,
  ContainerClient,
  Pipeline,
  RequestPolicyFactory,
} from '@azure/storage-blob';
import { type Agents, createAgents } from '@storage/core/driver';
import type { CopyLimits } from './copy/limits.ts';
import type { Credentials } from './credentials.ts';
import { createDirectSender } from './direct/request.ts';
import { createDirectVerbs } from './direct.ts';
import { heldKey } from './held-key.ts';
import { changing, type RequestChange } from './request-change.ts';
import { createSdkVerbs } from './sdk-verbs.ts';
import { readingFrom } from './secondary.ts';
import { settingHeaders } from './set-headers.ts';
import type { Verbs } from './verbs.ts';
import { createVersionsGuard, guarding, type VersionsSeen } from './versions-guard.ts';

/** Who sends requests. */
export type Transport = 'auto' | 'sdk' | 'direct';

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
  /** @default 'auto': direct */
  readonly transport?: Transport | undefined;
  /** @default what the service takes */
  readonly copyLimits?: CopyLimits;
}

/** An open driver's way to its container. */
export interface Wire {
  readonly options: AzureBlobDriverOptions;
  /** What is known of the account's versions. */
  readonly versions: VersionsSeen;
  readonly verbs: Verbs;
  /** The verbs as the SDK sends them, for what only it takes. */
  readonly sdkVerbs: Verbs;
  /** The same with the SDK, which is loaded when it is first needed. */
  connected(): Promise<Connection>;
}

/** A way to the container that has the SDK. */
export interface Connection extends Wire {
  readonly sdk: Sdk;
  readonly container: ContainerClient;
  /** The account, for what is not about one container. */
  service(): BlobServiceClient;
  /** The same container, with something more done to each request. */
  containerWith(change: RequestChange): ContainerClient;
}

/** Gives the way of a driver that is open. */
export type Reach = () => Wire;

type Sdk = typeof import('@azure/storage-blob');

/** Builds ways over the same connections. */
export interface Opened {
  readonly wire: Wire;
  /** A way on which each request is changed before it is sent. */
  changed(change: RequestChange): Wire;
  close(): void;
}

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

/** Opens the way to a container; sends nothing. One attempt per call. */
export async function openWire(options: AzureBlobDriverOptions): Promise<Opened> {
  const agents = createAgents({ maxSockets, ca: options.ca });
  const versions: VersionsSeen = { known: false, given: undefined };
  const sendDirect = options.transport === 'sdk' ? undefined : await createDirectSender(options, agents);

  function wireWith(changes: readonly RequestChange[]): Wire {
    let loading: Promise<Connection> | undefined;
    const connected = (): Promise<Connection> => {
      loading ??= loadSdk(wire, agents, changes);
      return loading;
    };
    const sdkVerbs = createSdkVerbs(connected);
    const guard = options.versions ? createVersionsGuard(versions) : undefined;
    const verbs = sendDirect === undefined ? sdkVerbs : createDirectVerbs(sendDirect({ changes, guard }));
    const wire: Wire = { options, versions, verbs, sdkVerbs, connected };
    return wire;
  }

  const headers = settingHeaders(options);
  const changes = headers === undefined ? [] : [headers];
  const wire = wireWith(changes);
  if (sendDirect === undefined) await wire.connected();
  return {
    wire,
    changed: (change) => wireWith([...changes, change]),
    close: () => agents.destroy(),
  };
}

/** Loads the SDK and builds a client that makes one attempt per call. */
async function loadSdk(wire: Wire, agents: Agents, changes: readonly RequestChange[]): Promise<Connection> {
  const sdk = await import('@azure/storage-blob');
  const { options, versions } = wire;
  const { endpointUrl, secondaryEndpoint, credentials } = options;
  const pipelineOptions = {
    retryOptions: { maxTries: 1 },
    // Not among the declared options, but handed on to the pipeline that knows it.
    agent: endpointUrl.startsWith('https:') ? agents.https : agents.http,
  };
  const policies: readonly RequestPolicyFactory[] = [
    ...(options.versions ? [guarding(createVersionsGuard(versions))] : []),
    ...changes.map(changing),
    ...(secondaryEndpoint === undefined ? [] : [changing(readingFrom(endpointUrl, secondaryEndpoint))]),
  ];
  const pipeline = (...more: readonly RequestChange[]): Pipeline => {
    const made = sdk.newPipeline(credentialOf(sdk, credentials), pipelineOptions);
    // None where none is needed: the first one costs every request a translation of it.
    made.factories.push(...policies, ...more.map(changing));
    return made;
  };
  return {
    ...wire,
    sdk,
    container: new sdk.ContainerClient(urlOf(options), pipeline()),
    service: () => new sdk.BlobServiceClient(endpointUrl, pipeline()),
    containerWith: (change) => new sdk.ContainerClient(urlOf(options), pipeline(change)),
  };
}

/** The blob of a key, or one version of it. */
export function blobOf({ container }: Pick<Connection, 'container'>, key: string, versionId?: string): BlockBlobClient {
  const blob = container.getBlockBlobClient(heldKey(key));
  return versionId === undefined ? blob : blob.withVersion(versionId).getBlockBlobClient();
}

function urlOf({ endpointUrl, containerName, credentials }: AzureBlobDriverOptions): string {
  const signature = credentials.kind === 'sas' ? `?${credentials.token}` : '';
  return `${endpointUrl}/${containerName}${signature}`;
}

function credentialOf(sdk: Sdk, credentials: Credentials): NonNullable<Parameters<typeof sdk.newPipeline>[0]> {
  if (credentials.kind === 'token') return credentials.credential;
  if (credentials.kind === 'sas') return new sdk.AnonymousCredential();
  return new sdk.StorageSharedKeyCredential(credentials.accountName, credentials.accountKey);
}
