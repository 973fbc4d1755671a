import { Readable } from 'node:stream';
import { DriverFault } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { sendBody } from './send-body.ts';
import type { Verbs } from './verbs.ts';

/** The verbs as the SDK sends them. */
export function createSdkVerbs(connected: () => Promise<Connection>): Verbs {
  return {
    async headObject(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.HeadObjectCommand(input), { abortSignal });
    },
    async getObject(input, abortSignal) {
      const { sdk, client } = await connected();
      const answer = await client.send(new sdk.GetObjectCommand(input), { abortSignal });
      const { Body } = answer;
      if (!(Body instanceof Readable)) throw new DriverFault('Unknown', 'the SDK gave no Node stream');
      return { ...answer, Body };
    },
    async putObject(input, body, signal) {
      const connection = await connected();
      return sendBody(
        connection,
        body,
        signal,
        (Body) => new connection.sdk.PutObjectCommand({ ...input, Body }),
        (command, abortSignal) => connection.client.send(command, { abortSignal }),
      );
    },
    async uploadPart(input, body, signal) {
      const connection = await connected();
      return sendBody(
        connection,
        body,
        signal,
        (Body) => new connection.sdk.UploadPartCommand({ ...input, Body }),
        (command, abortSignal) => connection.client.send(command, { abortSignal }),
      );
    },
    async createMultipartUpload(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.CreateMultipartUploadCommand(input), { abortSignal });
    },
    async completeMultipartUpload(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.CompleteMultipartUploadCommand(input), { abortSignal });
    },
    async abortMultipartUpload(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.AbortMultipartUploadCommand(input), { abortSignal });
    },
    async deleteObject(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.DeleteObjectCommand(input), { abortSignal });
    },
    async headBucket(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.HeadBucketCommand(input), { abortSignal });
    },
    async listObjects(input, abortSignal) {
      const { sdk, client } = await connected();
      return client.send(new sdk.ListObjectsV2Command(input), { abortSignal });
    },
  };
}
