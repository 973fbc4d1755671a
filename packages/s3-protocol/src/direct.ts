import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import {
  type Agents,
  bytesOf,
  createServiceClock,
  DriverFault,
  namedInRace,
  type UploadBody,
} from '@storage/core/driver';
import { addressOf } from './direct/address.ts';
import { toAnswer } from './direct/answer.ts';
import { type CredentialSource, createKeyRing } from './direct/credentials.ts';
import { readListing } from './direct/listing.ts';
import { createSender, type DirectRequest } from './direct/request.ts';
import { createSigner } from './direct/sigv4.ts';
import { lengthWithTrailer, trailerHeaders, trailerPayload, withTrailer } from './direct/trailer.ts';
import { codeOf } from './errors.ts';
import type { S3DriverOptions } from './options.ts';
import { inOnePiece } from './send-body.ts';
import type { Verbs } from './verbs.ts';

const noBody = createHash('sha256').digest('hex');
const unsigned = 'UNSIGNED-PAYLOAD';

export interface DirectParts {
  readonly agents: Agents;
  /** The SDK's default chain, for whom no keys are given. */
  readonly defaultCredentials: () => Promise<CredentialSource>;
  /** Called with an answer whose connection must not be used again. */
  readonly leave: ((answer: IncomingMessage) => void) | undefined;
}

/** The verbs, signed and sent without the SDK, whose layers cost several times the request. */
export async function createDirectVerbs(options: S3DriverOptions, parts: DirectParts): Promise<Verbs> {
  const { region = '', credentials, profile } = options;
  const address = addressOf(options);
  const { send } = await createSender({
    address,
    agents: parts.agents,
    keyRing: createKeyRing(
      credentials === undefined ? parts.defaultCredentials : () => Promise.resolve(credentials as CredentialSource),
    ),
    signer: createSigner({ region, service: 's3' }),
    clock: createServiceClock(),
    leave: parts.leave,
  });

  /** Sends a body in the way that its size and its checksum ask for. */
  async function sendBody(
    request: Omit<DirectRequest, 'payload' | 'body'>,
    body: UploadBody,
    hasTrailer: boolean,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof toAnswer>> {
    const { headers } = request;
    const { pieces, size = 0 } = body;
    let sent: Pick<DirectRequest, 'payload' | 'body'>;
    if (pieces !== undefined) {
      const payload = address.isTls ? unsigned : sha256(pieces);
      sent = { payload, body: size <= inOnePiece ? wholeOf(pieces) : body.open() };
      headers['content-length'] = String(size);
    } else if (hasTrailer) {
      Object.assign(headers, trailerHeaders(size, headers['content-encoding']));
      headers['content-length'] = String(lengthWithTrailer(size));
      sent = { payload: trailerPayload, body: withTrailer(body.open(), size) };
    } else {
      headers['content-length'] = String(size);
      sent = { payload: unsigned, body: body.open() };
    }
    const answer = await send({ ...request, ...sent }, signal);
    await bytesOf(answer);
    return toAnswer(answer.headers);
  }

  return {
    async headObject({ Key = '', VersionId, IfMatch, IfNoneMatch }, signal) {
      const headers = named({ 'if-match': IfMatch, 'if-none-match': IfNoneMatch });
      headers['x-amz-checksum-mode'] = 'ENABLED';
      const query = VersionId === undefined ? undefined : { versionId: VersionId };
      const answer = await send(
        { method: 'HEAD', key: Key, ...(query && { query }), headers, payload: noBody },
        signal,
      );
      answer.resume();
      return toAnswer(answer.headers);
    },
    async getObject(input, signal) {
      const headers = named({
        range: input.Range,
        'if-match': input.IfMatch,
        'if-none-match': input.IfNoneMatch,
        'if-modified-since': input.IfModifiedSince?.toUTCString(),
        'if-unmodified-since': input.IfUnmodifiedSince?.toUTCString(),
      });
      headers['x-amz-checksum-mode'] = 'ENABLED';
      const query = input.VersionId === undefined ? undefined : { versionId: input.VersionId };
      const request = {
        method: 'GET',
        key: input.Key ?? '',
        ...(query && { query }),
        headers,
        payload: noBody,
      } as const;
      const answer = await send(request, signal);
      return { ...toAnswer(answer.headers), Body: answer };
    },
    async putObject(input, body, signal) {
      const hasTrailer = input.ChecksumAlgorithm !== undefined;
      const request = { method: 'PUT', key: input.Key ?? '', headers: headersOf(input) } as const;
      try {
        return await sendBody(request, body, hasTrailer, signal);
      } catch (error) {
        throw profile.deniesRacedWrites && codeOf(error) === 'AccessDenied'
          ? namedInRace(error, 'PermissionDenied')
          : error;
      }
    },
    async uploadPart(input, body, signal) {
      const hasTrailer = input.ChecksumAlgorithm !== undefined;
      const query = { partNumber: String(input.PartNumber), uploadId: input.UploadId };
      const headers = named({ 'x-amz-checksum-crc32': input.ChecksumCRC32 });
      return sendBody({ method: 'PUT', key: input.Key ?? '', query, headers }, body, hasTrailer, signal);
    },
    async deleteObject({ Key = '', VersionId, IfMatch }, signal) {
      const headers = named({ 'if-match': IfMatch });
      const query = VersionId === undefined ? undefined : { versionId: VersionId };
      const request = { method: 'DELETE', key: Key, ...(query && { query }), headers, payload: noBody } as const;
      const answer = await send(request, signal);
      await bytesOf(answer);
      return toAnswer(answer.headers);
    },
    async headBucket(_input, signal) {
      const answer = await send({ method: 'HEAD', key: '', headers: {}, payload: noBody }, signal);
      answer.resume();
    },
    async listObjects(input, signal) {
      const query = {
        'list-type': '2',
        prefix: input.Prefix,
        delimiter: input.Delimiter,
        'max-keys': input.MaxKeys === undefined ? undefined : String(input.MaxKeys),
        'start-after': input.StartAfter,
        'continuation-token': input.ContinuationToken,
        'encoding-type': input.EncodingType,
      };
      const answer = await send({ method: 'GET', key: '', query, headers: {}, payload: noBody }, signal);
      const xml = (await bytesOf(answer)).toString('utf8');
      try {
        return readListing(xml);
      } catch (error) {
        throw new DriverFault('Unavailable', 'the service answered with half a listing', {
          retryable: 'safe',
          cause: error,
        });
      }
    },
  };
}

/** What a write says of the object, as headers. */
function headersOf(input: PutObjectCommandInput): Record<string, string> {
  const headers = named({
    'content-type': input.ContentType,
    'cache-control': input.CacheControl,
    'content-disposition': input.ContentDisposition,
    'content-encoding': input.ContentEncoding,
    'content-language': input.ContentLanguage,
    'if-match': input.IfMatch,
    'if-none-match': input.IfNoneMatch,
    'x-amz-tagging': input.Tagging,
    'x-amz-storage-class': input.StorageClass,
    'x-amz-server-side-encryption': input.ServerSideEncryption,
    'x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
    'x-amz-server-side-encryption-bucket-key-enabled': input.BucketKeyEnabled?.toString(),
    'x-amz-checksum-crc32': input.ChecksumCRC32,
  });
  for (const [name, value] of Object.entries(input.Metadata ?? {})) headers[`x-amz-meta-${name}`] = value;
  return headers;
}

/** The headers that have a value. */
function named(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function wholeOf(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function sha256(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
