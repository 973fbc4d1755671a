/** Where one contender keeps its files, in words that go to another process. */
export type Store = LocalStore | S3Store | AzureStore;

export interface LocalStore {
  readonly folder: string;
}

export interface S3Store {
  readonly endpointUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly bucket: string;
}

export interface AzureStore {
  /** With the name of the account as its path. */
  readonly endpointUrl: string;
  readonly accountName: string;
  readonly accountKey: string;
  readonly container: string;
}
