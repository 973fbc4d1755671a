import type { AzureBlobAccess, MinioAccess, S3Access } from '@storage/conformance-tests/servers';

/** The servers of the tests, or why one is not there. */
export interface Servers {
  readonly minio: MinioAccess | { readonly skipped: string };
  readonly azurite: AzureBlobAccess | { readonly skipped: string };
  /** Stands for AWS, whose storage classes it has. */
  readonly moto: S3Access | { readonly skipped: string };
}

// What the documents say, so that they read as they would on the reader's machine.
const minioAddress = 'localhost:9000';
const minioUser = 'minioadmin';
const azuriteAddress = 'http://127.0.0.1:10000/devstoreaccount1';
const azuriteAccount = 'devstoreaccount1';
const realAccount = `accountName: 'mycompany',`;
const azuriteKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** The variables that documents read credentials from. */
export function variablesOf({ minio, azurite }: Servers): Record<string, string> {
  return {
    ...('skipped' in minio ? {} : { MINIO_ACCESS_KEY: minio.accessKey, MINIO_SECRET_KEY: minio.secretKey }),
    ...('skipped' in azurite ? {} : { AZURE_STORAGE_KEY: azurite.accountKey }),
  };
}

// A bucket on AWS: the documents need no address for it.
const awsBucket = `bucketName: 'my-production-bucket'`;

// Wherever the documents name the bucket or container `uploads`.
const bucketNames =
  /((?:bucketName|containerName|Bucket): '|_NAME=|getContainerClient\('|localhost:9000\/|@)uploads\b/g;

/** A text of a document with the addresses and credentials of the servers that run, and a bucket of its own. */
export function withServers(text: string, servers: Servers, bucket: string): string {
  const named = withMinio(text.replaceAll(bucketNames, `$1${bucket}`), servers);
  return withAws(withAzurite(named, servers), servers, bucket);
}

/** Why a text cannot run here; undefined when it can. */
export function missingServer(text: string, { minio, azurite, moto }: Servers): string | undefined {
  if (text.includes(minioAddress) && 'skipped' in minio) return minio.skipped;
  const needsAzurite = text.includes(azuriteAccount) || text.includes(realAccount);
  if (needsAzurite && 'skipped' in azurite) return azurite.skipped;
  if (text.includes(awsBucket) && 'skipped' in moto) return moto.skipped;
  return undefined;
}

function withMinio(text: string, { minio }: Servers): string {
  if ('skipped' in minio) return text;
  return text
    .replaceAll(minioAddress, new URL(minio.endpointUrl).host)
    .replaceAll(`accessKey: '${minioUser}'`, `accessKey: '${minio.accessKey}'`)
    .replaceAll(`accessKeyId: '${minioUser}'`, `accessKeyId: '${minio.accessKey}'`)
    .replaceAll(`_ACCESS_KEY=${minioUser}`, `_ACCESS_KEY=${minio.accessKey}`)
    .replaceAll(`${minioUser}:${minioUser}@`, `${minio.accessKey}:${minio.secretKey}@`)
    .replaceAll(minioUser, minio.secretKey);
}

function withAzurite(text: string, { azurite }: Servers): string {
  if ('skipped' in azurite) return text;
  return text
    .replaceAll(azuriteAddress, azurite.endpointUrl)
    .replaceAll(encodeURIComponent(azuriteAddress), encodeURIComponent(azurite.endpointUrl))
    .replaceAll(azuriteKey, azurite.accountKey)
    .replaceAll(encodeURIComponent(azuriteKey), encodeURIComponent(azurite.accountKey))
    .replaceAll(azuriteAccount, azurite.accountName)
    .replaceAll(realAccount, `accountName: '${azurite.accountName}', endpointUrl: '${azurite.endpointUrl}',`);
}

function withAws(text: string, { moto }: Servers, bucket: string): string {
  if ('skipped' in moto) return text;
  const { endpointUrl, accessKey, secretKey } = moto;
  const bucketName = `bucketName: '${bucket}', createBucket: true`;
  const service = `endpointUrl: '${endpointUrl}', service: 'aws', pathStyle: true`;
  return text.replaceAll(awsBucket, `${bucketName}, ${service}, accessKey: '${accessKey}', secretKey: '${secretKey}'`);
}
