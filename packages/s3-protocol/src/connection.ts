import type { S3Client } from '@aws-sdk/client-s3';
import { type Agents, createAgents, DriverFault } from '@storage/core/driver';
import { collectSecrets, renewExpired } from './credentials.ts';
import { whyNotDirect } from './direct/address.ts';
import { askForChecksums, leaveRefusedConnections, refusedConnections } from './middleware.ts';
import type { S3DriverOptions } from './options.ts';
import { allowForRacedWrites } from './raced-writes.ts';
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
  /** The verbs as the SDK sends them, for what only it takes. */
  readonly sdkVerbs: Verbs;
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
  const { endpointUrl, profile, transport = 'sdk' } = options;
  const obstacle = whyNotDirect(options);
  if (transport === 'direct' && obstacle !== undefined) {
    throw new DriverFault('InvalidConfig', `transport: 'direct' is not possible: ${obstacle}`);
  }
  const agents = await createAgents({ maxSockets: options.maxConnections ?? maxSockets });
  const refused = profile.closesAfterRefusal ? refusedConnections(agents) : undefined;
  let loading: Promise<Connection> | undefined;
  const connected = (): Promise<Connection> => {
    loading ??= loadSdk(wire, agents, refused, secrets);
    return loading;
  };
  const sdkVerbs = createSdkVerbs(connected);
  const wire: Wire = {
    options,
    bucket: options.bucketName,
    isTls: endpointUrl === undefined || endpointUrl.toLowerCase().startsWith('https:'),
    sdkVerbs,
    verbs: transport === 'sdk' || obstacle !== undefined ? sdkVerbs : await directVerbs(),
    connected,
    close: () => {
      // Clients close nothing but the agents, which are these.
      agents.destroy();
    },
  };
  if (wire.verbs === sdkVerbs) await connected();
  return wire;

  async function directVerbs(): Promise<Verbs> {
    const { createDirectVerbs } = await import('./direct.ts');
    return createDirectVerbs(options, {
      agents,
      defaultCredentials: async () => (await connected()).client.config.credentials,
      leave: refused && (({ socket }) => void refused.add(socket)),
    });
  }
}

/** Loads the SDK and builds a client that makes one attempt per command. */
async function loadSdk(
  wire: Wire,
  agents: Agents,
  refused: WeakSet<object> | undefined,
  secrets: string[],
): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const { options } = wire;
  const { endpointUrl, publicEndpointUrl = endpointUrl } = options;
  const client = createClient(sdk, options, agents, endpointUrl);
  askForChecksums(client);
  if (options.profile.deniesRacedWrites) allowForRacedWrites(client);
  // Keys that were given stay what they are.
  if (typeof options.credentials !== 'object') {
    renewExpired(client);
    collectSecrets(client, secrets);
  }
  if (refused !== undefined) leaveRefusedConnections(client, refused);
  let signer: S3Client | undefined;
  return {
    ...wire,
    sdk,
    client,
    signer: () => {
      signer ??= createClient(sdk, options, agents, publicEndpointUrl);
      return Promise.resolve(signer);
    },
  };
}

function createClient(sdk: Sdk, options: S3DriverOptions, agents: Agents, endpoint: string | undefined): S3Client {
  const { region, credentials } = options;
  return new sdk.S3Client({
    ...(region !== undefined && { region }),
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
}
