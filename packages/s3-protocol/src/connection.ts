import type { S3Client } from '@aws-sdk/client-s3';
import { type Agents, createAgents } from '@storage/core/driver';
import { collectSecrets, renewExpired } from './credentials.ts';
import { askForChecksums, leaveRefusedConnections } from './middleware.ts';
import type { S3DriverOptions } from './options.ts';
import { allowForRacedWrites } from './raced-writes.ts';

/** The SDK, loaded when the driver opens. */
type Sdk = typeof import('@aws-sdk/client-s3');

/** An open driver's way to its bucket. */
export interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly bucket: string;
  readonly options: S3DriverOptions;
  /** Whether the connection itself keeps the bytes as they are. */
  readonly isTls: boolean;
  /** A client that signs requests for others: at the public address, and with nothing computed of a body. */
  signer(): Promise<S3Client>;
  close(): void;
}

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

// The SDK would send chunks of the size in which the body comes; services refuse chunks under 8 KiB.
const streamBuffer = 64 * 1024;

const nothing = (): void => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Loads the SDK and builds a client that makes one attempt per command; sends nothing. */
export async function connect(options: S3DriverOptions, secrets: string[]): Promise<Connection> {
  const [sdk, agents] = await Promise.all([
    import('@aws-sdk/client-s3'),
    createAgents({ maxSockets: options.maxConnections ?? maxSockets }),
  ]);
  const { endpointUrl, publicEndpointUrl = endpointUrl } = options;
  const client = createClient(sdk, options, agents, endpointUrl);
  askForChecksums(client);
  if (options.profile.deniesRacedWrites) allowForRacedWrites(client);
  // Keys that were given stay what they are.
  if (typeof options.credentials !== 'object') {
    renewExpired(client);
    collectSecrets(client, secrets);
  }
  if (options.profile.closesAfterRefusal) leaveRefusedConnections(client, agents);
  let signer: S3Client | undefined;
  return {
    sdk,
    client,
    options,
    bucket: options.bucketName,
    isTls: endpointUrl === undefined || endpointUrl.toLowerCase().startsWith('https:'),
    signer: () => {
      signer ??= createClient(sdk, options, agents, publicEndpointUrl);
      return Promise.resolve(signer);
    },
    close: () => {
      client.destroy();
      signer?.destroy();
      agents.destroy();
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
