import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { createAgents, DriverFault } from '@storage/core/driver';

/** Where the container is, and who asks. */
export interface AzureBlobDriverOptions {
  readonly accountName: string;
  readonly accountKey: string;
  readonly containerName: string;
  /** Address of the account: `https://<account>.blob.core.windows.net`, or an emulator's. */
  readonly endpointUrl: string;
  /** Whether a missing container may be created. */
  readonly createContainer: boolean;
}

/** An open driver's way to its container. */
export interface Connection {
  readonly sdk: typeof import('@azure/storage-blob');
  readonly container: ContainerClient;
  close(): void;
}

/** Gives the connection of a driver that is open. */
export type Reach = () => Connection;

// As many as the transfer engine may keep busy at once, several calls together.
const maxSockets = 64;

/** Loads the SDK and builds a client that makes one attempt per call; sends nothing. */
export async function connect(options: AzureBlobDriverOptions): Promise<Connection> {
  const [sdk, agents] = await Promise.all([import('@azure/storage-blob'), createAgents({ maxSockets })]);
  const credential = new sdk.StorageSharedKeyCredential(options.accountName, options.accountKey);
  const pipelineOptions = {
    retryOptions: { maxTries: 1 },
    // Not among the declared options, but handed on to the pipeline that knows it.
    agent: options.endpointUrl.startsWith('https:') ? agents.https : agents.http,
  };
  const url = `${options.endpointUrl.replace(/\/$/, '')}/${options.containerName}`;
  const container = new sdk.ContainerClient(url, sdk.newPipeline(credential, pipelineOptions));
  return { sdk, container, close: () => agents.destroy() };
}

/** The blob of a key. */
export function blobOf({ container }: Connection, key: string): BlockBlobClient {
  if (key.includes('\\')) {
    throw new DriverFault('InvalidKey', 'this service takes a backslash for "/" and would use another key');
  }
  return container.getBlockBlobClient(key);
}
