import { createHash, hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type Agents,
  bytesOf,
  createServiceClock,
  DriverFault,
  finished,
  joined,
  type UploadBody,
} from '@storage/core/driver';
import { toAnswer } from './direct/answer.ts';
import { createKeyRing, type Provider } from './direct/credentials.ts';
import {
  addMetadata,
  deleteFields,
  getFields,
  headBucketFields,
  headFields,
  listFields,
  partFields,
  putFields,
  type Said,
  said,
} from './direct/fields.ts';
import { readListing } from './direct/listing.ts';
import { createSender, type DirectRequest, noBody } from './direct/request.ts';
import { toSigningTime } from './direct/sigv4.ts';
import { lengthWithTrailer, trailerHeaders, trailerPayload, withTrailer } from './direct/trailer.ts';
import { createUploadVerbs } from './direct/upload-verbs.ts';
import type { S3DriverOptions } from './options.ts';
import { raced } from './raced-writes.ts';
import type { BucketRegion } from './region.ts';
import { inOnePiece } from './send-body.ts';
import type { Verbs } from './verbs.ts';

const unsigned = 'UNSIGNED-PAYLOAD';

export interface DirectParts {
  readonly agents: Agents;
  readonly region: BucketRegion;
  /** The provider that was given, or the default chain, as the SDK calls them. */
  readonly provider: () => Promise<Provider>;
  /** Called with what requests are signed with, which no error may show. */
  readonly keepSecret: (secret: string) => void;
  /** Called with an answer whose connection must not be used again. */
  readonly leave: ((answer: IncomingMessage) => void) | undefined;
  /** For what this does not know. */
  readonly bySdk: Verbs;
}

/** The verbs, signed and sent without the SDK, whose layers cost several times the request. */
export async function createDirectVerbs(options: S3DriverOptions, parts: DirectParts): Promise<Verbs> {
  const { credentials, profile } = options;
  const { agents, region, leave, bySdk } = parts;
  const keyRing = createKeyRing(typeof credentials === 'object' ? credentials : parts.provider, parts.keepSecret);
  const clock = createServiceClock(toSigningTime);
  const { send, isTls } = await createSender({ options, agents, region, keyRing, clock, leave });

  /** Sends a body in the way that its size and its checksum ask for. */
  async function sendBody(
    request: Said & { readonly key: string },
    body: UploadBody,
    trails: boolean,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof toAnswer>> {
    const { headers } = request;
    const { pieces, size = 0 } = body;
    let sent: Pick<DirectRequest, 'payload' | 'body'>;
    if (pieces !== undefined) {
      const payload = isTls ? unsigned : sha256(pieces);
      sent = { payload, body: size <= inOnePiece ? joined(pieces) : body.open() };
      headers['content-length'] = String(size);
    } else if (trails) {
      Object.assign(headers, trailerHeaders(size, headers['content-encoding']));
      headers['content-length'] = String(lengthWithTrailer(size));
      sent = { payload: trailerPayload, body: withTrailer(body.open(), size) };
    } else {
      headers['content-length'] = String(size);
      sent = { payload: unsigned, body: body.open() };
    }
    const answer = await send({ method: 'PUT', ...request, ...sent }, signal);
    await finished(answer);
    return toAnswer(answer.headers);
  }

  return {
    async headObject(input, signal) {
      const request = said(headFields, input);
      if (request === undefined) return bySdk.headObject(input, signal);
      request.headers['x-amz-checksum-mode'] = 'ENABLED';
      const answer = await send({ method: 'HEAD', key: input.Key ?? '', ...request, payload: noBody }, signal);
      answer.resume();
      return toAnswer(answer.headers);
    },
    async getObject(input, signal) {
      const request = said(getFields, input);
      if (request === undefined) return bySdk.getObject(input, signal);
      request.headers['x-amz-checksum-mode'] = 'ENABLED';
      const answer = await send({ method: 'GET', key: input.Key ?? '', ...request, payload: noBody }, signal);
      return { ...toAnswer(answer.headers), Body: answer };
    },
    async putObject(input, body, signal) {
      const request = said(putFields, input);
      if (request === undefined) return bySdk.putObject(input, body, signal);
      addMetadata(request.headers, input.Metadata);
      return raced(profile, sendBody({ ...request, key: input.Key ?? '' }, body, hasTrailer(input), signal));
    },
    async uploadPart(input, body, signal) {
      const request = said(partFields, input);
      if (request === undefined) return bySdk.uploadPart(input, body, signal);
      return sendBody({ ...request, key: input.Key ?? '' }, body, hasTrailer(input), signal);
    },
    ...createUploadVerbs({ send, profile, bySdk }),
    async deleteObject(input, signal) {
      const request = said(deleteFields, input);
      if (request === undefined) return bySdk.deleteObject(input, signal);
      const answer = await send({ method: 'DELETE', key: input.Key ?? '', ...request, payload: noBody }, signal);
      await finished(answer);
      return toAnswer(answer.headers);
    },
    async headBucket(input, signal) {
      const request = said(headBucketFields, input);
      if (request === undefined) return bySdk.headBucket(input, signal);
      const answer = await send({ method: 'HEAD', key: '', ...request, payload: noBody }, signal);
      return answer.resume();
    },
    async listObjects(input, signal) {
      const request = said(listFields, input);
      if (request === undefined) return bySdk.listObjects(input, signal);
      const query = { 'list-type': '2', ...request.query };
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

/** Whether the checksum of the body follows it. */
function hasTrailer(input: { readonly ChecksumAlgorithm?: string | undefined }): boolean {
  return input.ChecksumAlgorithm !== undefined;
}

function sha256(pieces: readonly Uint8Array[]): string {
  // In one call, at half the cost, where it is in one piece.
  if (pieces.length === 1 && pieces[0] !== undefined) return hash('sha256', pieces[0]);
  const hashing = createHash('sha256');
  for (const piece of pieces) hashing.update(piece);
  return hashing.digest('hex');
}
