import type { IncomingMessage } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Agents, createAgents, DriverFault } from '@storage/core/driver';
import { collectSecrets } from './credentials.ts';
import { whyNotDirect } from './direct/why-not.ts';
import { sendMended } from './mended.ts';
import { askForChecksums, leaveRefusedConnections, refusedConnections } from './middleware.ts';
import type { S3DriverOptions } from './options.ts';
import { allowForRacedWrites } from './raced-writes.ts';
import { type BucketRegion, createBucketRegion, regionOf } from './region.ts';
import { createSdkVerbs } from './sdk-verbs.ts';
import type { Verbs } from './verbs.ts';

/** The SDK, loaded when the driver opens. */
export type Sdk = typeof import('@aws-sdk/client-s3');

/** An open driver's way to its bucket. */
export interface Wire {
  readonly bucket: string;
  readonly options: S3DriverOptions;
  /** Whether the connection itself keeps the bytes as they are. */
  readonly isTls: boolean;
  readonly verbs: Verbs;
  readonly region: BucketRegion;
  /** The same with the SDK, which is loaded when it is first needed. */
  connected(): Promise<Connection>;
  close(): void;
}

/** A way to the bucket that has the SDK. */
export interface Connection extends Wire {
  readonly sdk: Sdk;
  readonly client: S3Client;
  /** A client that signs requests for others: at the public address, and with nothing computed of a body. */
  signer(): Promise<S3Client>;
}

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

// The SDK would send chunks of the size in which the body comes; services refuse chunks under 8 KiB.
const streamBuffer = 64 * 1024;

const nothing = (): void => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Opens the way to a bucket; sends nothing. */
export async function openWire(options: S3DriverOptions, secrets: string[]): Promise<Wire> {
  const { bucketName: bucket, ca, endpointUrl, maxConnections, profile, transport = 'auto' } = options;
  const region = createBucketRegion(await regionOf(options, loadSdk));
  const obstacle = transport === 'sdk' ? 'it is not wanted' : await whyNotDirect(options, region.get());
  if (transport === 'direct' && obstacle !== undefined) {
    throw new DriverFault('InvalidConfig', `transport: 'direct' is not possible: ${obstacle}`);
  }
  const agents = createAgents({ maxSockets: maxConnections ?? maxSockets, ca });
  const isTls = endpointUrl === undefined || endpointUrl.toLowerCase().startsWith('https:');
  const refused = profile.closesAfterRefusal ? refusedConnections(isTls ? agents.https : agents.http) : undefined;
  const keepSecret = (secret: string): void => {
    if (!secrets.includes(secret)) secrets.push(secret);
  };
  let connecting: Promise<Connection> | undefined;
  const connected = (): Promise<Connection> => {
    connecting ??= connect(wire, { agents, refused, keepSecret });
    return connecting;
  };
  // Clients close nothing but the agents, which are these.
  const close = (): void => agents.destroy();
  const bySdk = createSdkVerbs(connected);
  const wire: Wire = {
    ...{ options, bucket, isTls, region, connected, close },
    verbs: obstacle === undefined ? await directVerbs() : bySdk,
  };
  if (wire.verbs === bySdk) await connected();
  return wire;

  async function directVerbs(): Promise<Verbs> {
    const { createDirectVerbs } = await import('./direct.ts');
    const provider = async (): Promise<S3Client['config']['credentials']> =>
      (await connected()).client.config.credentials;
    const leave = refused && (({ socket }: IncomingMessage): void => void refused.add(socket));
    return createDirectVerbs(options, { agents, region, provider, keepSecret, leave, bySdk });
  }
}

function loadSdk(): Promise<Sdk> {
  return import('@aws-sdk/client-s3');
}

interface ClientParts {
  readonly agents: Agents;
  readonly refused: WeakSet<object> | undefined;
  readonly keepSecret: (secret: string) => void;
}

/** Loads the SDK and builds a client that makes one attempt per command. */
async function connect(wire: Wire, { agents, refused, keepSecret }: ClientParts): Promise<Connection> {
  const sdk = await loadSdk();
  const { options, region } = wire;
  const { endpointUrl, publicEndpointUrl = endpointUrl } = options;
  const client = createClient(sdk, wire, agents, endpointUrl);
  askForChecksums(client);
  if (options.profile.deniesRacedWrites) allowForRacedWrites(client);
  // Keys that were given stay what they are.
  const hasProvider = typeof options.credentials !== 'object';
  sendMended(client, region, hasProvider);
  if (hasProvider) collectSecrets(client, keepSecret);
  if (refused !== undefined) leaveRefusedConnections(client, refused);
  let signer: S3Client | undefined;
  return {
    ...wire,
    sdk,
    client,
    signer: () => {
      signer ??= createClient(sdk, wire, agents, publicEndpointUrl);
      return Promise.resolve(signer);
    },
  };
}

function createClient(sdk: Sdk, { options, region }: Wire, agents: Agents, endpoint: string | undefined): S3Client {
  const { credentials } = options;
  const client = new sdk.S3Client({
    ...(options.region !== undefined && { region: options.region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    forcePathStyle: options.pathStyle,
    ...options.client,
    maxAttempts: 1,
    // An agent of our own also keeps large bodies on kept-alive connections, without a wait for `100 Continue`.
    requestHandler: { httpAgent: agents.http, httpsAgent: agents.https },
    expectContinueHeader: false,
    // Checksums are chosen per request.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestStreamBufferSize: streamBuffer,
    // Its default is the console, for advice that is about other uses of the SDK.
    logger: silent,
  });
  const given = client.config.region;
  client.config.region = async () => region.learned() ?? given();
  return client;
}
