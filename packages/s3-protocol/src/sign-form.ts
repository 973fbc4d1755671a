import { createHmac } from 'node:crypto';
import { type CallContext, DriverFault, type SignedForm, type SignFormRequest } from '@storage/core/driver';
import type { Signer } from './sign.ts';

/**
 * Signs a form that uploads to one key; the service holds it to its type and sizes. Here and not by
 * `@aws-sdk/s3-presigned-post`, which would bring a client of another version along.
 * See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export async function signForm(
  connection: Signer,
  request: SignFormRequest,
  context: Pick<CallContext, 'signal'>,
): Promise<SignedForm> {
  // The service would put the name of the file in its place.
  if (request.key.includes('${filename}')) {
    throw new DriverFault('InvalidArgument', 'a form cannot upload to a key with ${filename} in it');
  }
  const { config } = await connection.signer();
  const [url, credentials, region] = await Promise.all([bucketUrl(connection), config.credentials(), config.region()]);
  context.signal.throwIfAborted();

  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const expiresAt = new Date(now.getTime() + request.expiresIn * 1000);
  const bound: Record<string, string> = {
    key: request.key,
    ...(request.contentType !== undefined && { 'Content-Type': request.contentType }),
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [credentials.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': time,
    ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
  };
  const policy = encodePolicy(connection.bucket, bound, request, expiresAt);
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, policy).toString('hex');
  return { url, fields: { ...bound, Policy: policy, 'X-Amz-Signature': signature }, expiresAt };
}

function encodePolicy(
  bucket: string,
  bound: Readonly<Record<string, string>>,
  { minSize, maxSize }: SignFormRequest,
  expiresAt: Date,
): string {
  const equal = Object.entries(bound).map(([name, value]) => ({ [name]: value }));
  const conditions = [{ bucket }, ...equal, ['content-length-range', minSize, maxSize]];
  return Buffer.from(JSON.stringify({ expiration: expiresAt.toISOString(), conditions })).toString('base64');
}

/** Where the SDK would send a request for the bucket itself. */
async function bucketUrl(connection: Signer): Promise<string> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  const command = new connection.sdk.HeadBucketCommand({ Bucket: connection.bucket });
  const { origin, pathname } = new URL(await getSignedUrl(await connection.signer(), command as never));
  return `${origin}${pathname}`;
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
