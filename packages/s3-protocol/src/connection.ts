import { IncomingMessage } from 'node:http';
import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Agents, createAgents } from '@storage/core/driver';
import type { S3DriverOptions } from './options.ts';
import { allowForRacedWrites } from './raced-writes.ts';

/** The SDK, loaded when the driver opens. */
type Sdk = typeof import('@aws-sdk/client-s3');

/** An open driver's way to its bucket. */
export interface Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly bucket: string;
  close(): void;
}

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

// The SDK would send chunks of the size in which the body comes; services refuse chunks under 8 KiB.
const streamBuffer = 64 * 1024;

const nothing = (): void => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Loads the SDK and builds a client that makes one attempt per command; sends nothing. */
export async function connect(options: S3DriverOptions): Promise<Connection> {
  const [sdk, agents] = await Promise.all([import('@aws-sdk/client-s3'), createAgents({ maxSockets })]);
  const client = new sdk.S3Client({
    endpoint: options.endpointUrl,
    region: options.region,
    credentials: { accessKeyId: options.accessKey, secretAccessKey: options.secretKey },
    forcePathStyle: true,
    maxAttempts: 1,
    // An agent of our own also keeps large bodies on kept-alive connections, without a wait for `100 Continue`.
    requestHandler: { httpAgent: agents.http, httpsAgent: agents.https },
    expectContinueHeader: false,
    // Checksums are chosen per request by `put`.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestStreamBufferSize: streamBuffer,
    // Its default is the console, for advice that is about other uses of the SDK.
    logger: silent,
  });
  askForChecksums(client);
  if (options.deniesRacedWrites === true) allowForRacedWrites(client);
  if (options.closesAfterRefusal === true) leaveRefusedConnections(client, agents);
  const close = (): void => {
    client.destroy();
    agents.destroy();
  };
  return { sdk, client, bucket: options.bucketName, close };
}

/** Signs the bytes of a stream that is known in advance; the SDK would leave them unsigned. */
export function signWith(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      headersOf(args.request)['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'signWith' },
  );
}

/** Asks for stored checksums by header: asked for by the command's own option, the SDK would verify them itself. */
function askForChecksums(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const reads = context.commandName === 'GetObjectCommand' || context.commandName === 'HeadObjectCommand';
      if (reads) headersOf(args.request)['x-amz-checksum-mode'] = 'ENABLED';
      return next(args);
    },
    { step: 'build', name: 'askForChecksums' },
  );
}

/** The next request on such a connection would fail, and if it is a conditional write nobody knew whether it landed. */
function leaveRefusedConnections(client: S3Client, { http, https }: Agents): void {
  const refused = new WeakSet<object>();
  for (const agent of [http, https]) {
    const keep = agent.keepSocketAlive.bind(agent);
    // Node closes a socket that its agent does not want to keep.
    agent.keepSocketAlive = (socket) => !refused.has(socket) && keep(socket);
  }
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { statusCode, body } = result.response as { statusCode?: number; body?: unknown };
      if (statusCode === 412 && body instanceof IncomingMessage) refused.add(body.socket);
      return result;
    },
    // Next to the handler: the deserializer makes an error of the answer.
    { step: 'deserialize', priority: 'low', name: 'leaveRefusedConnections' },
  );
}

function headersOf(request: unknown): Record<string, string> {
  return (request as { headers: Record<string, string> }).headers;
}
