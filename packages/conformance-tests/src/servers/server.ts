/** How to reach a server that speaks S3. */
export interface S3Access {
  readonly endpointUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** How to reach a MinIO server, as its administrator. */
export type MinioAccess = S3Access;

/** How to reach an Azure Blob service with its account key. */
export interface AzureBlobAccess {
  /** With the name of the account as its path. */
  readonly endpointUrl: string;
  readonly accountName: string;
  readonly accountKey: string;
}

/** A server that runs until `stop`. What the environment named is left running. */
export interface Server<Access> {
  readonly access: Access;
  /** Where it comes from: `environment`, `container` or `process`. */
  readonly origin: 'environment' | 'container' | 'process';
  /** Its process, where it is one of this machine: for whoever measures what it costs. */
  readonly pid?: number | undefined;
  readonly stop: () => Promise<void>;
}

/** A server that could not be started; `skipped` says why, in one line. */
export interface Skipped {
  readonly skipped: string;
}
