import type { S3Client } from '@aws-sdk/client-s3';
import { createAgents } from '@storage/core/driver';
import type { S3DriverOptions } from './options.ts';

/** The SDK, loaded when the driver opens. */
export type Sdk = typeof import('@aws-sdk/client-s3');

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
  });
  askForChecksums(client);
  const close = (): void => {
    client.destroy();
    agents.destroy();
  };
  return { sdk, client, bucket: options.bucketName, close };
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

function headersOf(request: unknown): Record<string, string> {
  return (request as { headers: Record<string, string> }).headers;
}
