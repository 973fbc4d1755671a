import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bytesOf } from '@storage/core/driver';
import type { S3Profile } from '../profile.ts';
import { raced } from '../raced-writes.ts';
import type { Verbs } from '../verbs.ts';
import { type SdkError, toAnswer, toError } from './answer.ts';
import { abortUploadFields, addMetadata, completeUploadFields, createUploadFields, said } from './fields.ts';
import { noBody, type Sender } from './request.ts';
import { readFields, writeParts } from './upload-xml.ts';

interface UploadVerbsParts {
  readonly send: Sender['send'];
  readonly profile: S3Profile;
  /** For what this does not know. */
  readonly bySdk: Verbs;
}

/** The beginning and the two ends of an upload in parts. */
export function createUploadVerbs({
  send,
  profile,
  bySdk,
}: UploadVerbsParts): Pick<Verbs, 'createMultipartUpload' | 'completeMultipartUpload' | 'abortMultipartUpload'> {
  return {
    async createMultipartUpload(input, signal) {
      const request = said(createUploadFields, input);
      if (request === undefined) return bySdk.createMultipartUpload(input, signal);
      const { headers } = request;
      addMetadata(headers, input.Metadata);
      const target = { method: 'POST', key: input.Key ?? '', query: { uploads: '' } } as const;
      const answer = await send({ ...target, headers, payload: noBody }, signal);
      const { UploadId } = fieldsOf(answer, await documentOf(answer));
      return { UploadId };
    },
    async completeMultipartUpload(input, signal) {
      const request = said(completeUploadFields, input);
      const xml = writeParts(input.MultipartUpload?.Parts ?? []);
      if (request === undefined || xml === undefined) return bySdk.completeMultipartUpload(input, signal);
      const body = Buffer.from(xml);
      request.headers['content-type'] = 'application/xml';
      request.headers['content-length'] = String(body.byteLength);
      const target = { method: 'POST', key: input.Key ?? '' } as const;
      return raced(profile, complete({ ...target, ...request, payload: hash('sha256', body), body }, signal));
    },
    async abortMultipartUpload(input, signal) {
      const request = said(abortUploadFields, input);
      if (request === undefined) return bySdk.abortMultipartUpload(input, signal);
      const answer = await send({ method: 'DELETE', key: input.Key ?? '', ...request, payload: noBody }, signal);
      await documentOf(answer);
      return undefined;
    },
  };

  async function complete(...asked: Parameters<Sender['send']>): ReturnType<Verbs['completeMultipartUpload']> {
    const answer = await send(...asked);
    const document = await documentOf(answer);
    if (document === '') throw noDocument();
    const { ETag, ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256, ChecksumType } = fieldsOf(
      answer,
      document,
    );
    const { VersionId, ServerSideEncryption, SSEKMSKeyId } = toAnswer(answer.headers);
    return {
      ...{ ETag, ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256, ChecksumType },
      ...{ VersionId, ServerSideEncryption, SSEKMSKeyId },
    };
  }
}

/**
 * The document of an answer. Where it takes long to make, the status comes first, then blanks that keep the connection
 * alive, and an error only in the document.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
async function documentOf(answer: IncomingMessage): Promise<string> {
  const document = (await bytesOf(answer)).toString('utf8');
  if (document.trimEnd().endsWith('</Error>')) throw toError({ statusCode: 503, headers: answer.headers }, document);
  return document;
}

/** What a document says; one that is cut off is an error that has the status of its answer, as the SDK's. */
function fieldsOf({ statusCode = 0 }: IncomingMessage, document: string): ReturnType<typeof readFields> {
  try {
    return readFields(document);
  } catch (error) {
    throw Object.assign(error as Error, { $metadata: { httpStatusCode: statusCode } } satisfies Partial<SdkError>);
  }
}

/** Success that says nothing is none: the service gave up on the request. */
function noDocument(): Error {
  const $metadata = { httpStatusCode: 503 };
  return Object.assign(new Error('S3 aborted request'), { name: 'InternalError', $metadata });
}
