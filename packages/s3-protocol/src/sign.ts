import type {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectCommandInput,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { CallContext, Checksum, SignedRequest, SignRequest } from '@storage/core/driver';
import { toBase64 } from './checksums.ts';
import type { Connection } from './connection.ts';

/** What signing needs of a connection. */
export type Signer = Pick<Connection, 'bucket' | 'sdk' | 'signer'>;

/** Signs a request, which whoever has it may send. */
export async function sign(
  connection: Signer,
  request: SignRequest,
  context: Pick<CallContext, 'signal'>,
): Promise<SignedRequest> {
  const [signer, { getSignedUrl }] = await Promise.all([connection.signer(), import('@aws-sdk/s3-request-presigner')]);
  context.signal.throwIfAborted();
  const headers = boundHeaders(request);
  const names = new Set(Object.keys(headers));
  // The signature knows whole seconds.
  const signingDate = new Date(Math.floor(Date.now() / 1000) * 1000);
  const url = await getSignedUrl(signer, commandOf(connection, request) as unknown as Signable, {
    expiresIn: request.expiresIn,
    signingDate,
    // As headers, which the sender must send, and not in the URL.
    signableHeaders: new Set(['host', ...names]),
    unhoistableHeaders: names,
  });
  return {
    method: request.method,
    url,
    headers,
    expiresAt: new Date(signingDate.getTime() + request.expiresIn * 1000),
  };
}

/** Any of them: the types of the signer want each input to be of all commands. */
type Signable = Parameters<typeof import('@aws-sdk/s3-request-presigner').getSignedUrl>[1];

function commandOf(
  { bucket, sdk }: Signer,
  request: SignRequest,
): GetObjectCommand | HeadObjectCommand | DeleteObjectCommand | PutObjectCommand {
  const target = { Bucket: bucket, Key: request.key, VersionId: request.versionId };
  const read: GetObjectCommandInput = {
    ...target,
    ResponseContentType: request.responseContentType,
    ResponseContentDisposition: request.responseContentDisposition,
  };
  switch (request.method) {
    case 'GET':
      return new sdk.GetObjectCommand(read);
    case 'HEAD':
      return new sdk.HeadObjectCommand(read);
    case 'DELETE':
      return new sdk.DeleteObjectCommand(target);
    case 'PUT':
      return new sdk.PutObjectCommand({ Bucket: bucket, Key: request.key, ...bound(request) });
  }
}

function bound({ contentType, contentLength, checksum, ifAbsent }: SignRequest): Partial<PutObjectCommandInput> {
  return {
    ContentType: contentType,
    ContentLength: contentLength,
    IfNoneMatch: ifAbsent === true ? '*' : undefined,
    ...(checksum !== undefined && { [inputs[checksum.algorithm]]: toBase64(checksum.value) }),
  };
}

/** What must be sent along, since the service compares it with what was signed. */
function boundHeaders({ contentType, contentLength, checksum, ifAbsent }: SignRequest): Record<string, string> {
  return {
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(contentLength !== undefined && { 'content-length': String(contentLength) }),
    ...(checksum !== undefined && { [headerOf(checksum)]: toBase64(checksum.value) }),
    ...(ifAbsent === true && { 'if-none-match': '*' }),
  };
}

const inputs = {
  crc32: 'ChecksumCRC32',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
  md5: 'ContentMD5',
} as const satisfies Record<Checksum['algorithm'], keyof PutObjectCommandInput>;

function headerOf({ algorithm }: Checksum): string {
  return algorithm === 'md5' ? 'content-md5' : `x-amz-checksum-${algorithm}`;
}
