import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { S3Store } from '../../services/store.ts';
import { drainStream, streamToFile } from '../bodies.ts';
import { type Contender, contentType, metadata } from '../contender.ts';

export async function openClientS3(store: S3Store): Promise<Contender> {
  return over(store, {});
}

/** undici below, no checksums, no wait for `100 Continue`, its middleware cached. */
export async function openTunedClientS3(store: S3Store): Promise<Contender> {
  const { UndiciHttpHandler } = await import('@smithy/undici-http-handler');
  return over(store, {
    requestHandler: new UndiciHttpHandler({ dispatcher: { connections: 64 } }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    cacheMiddleware: true,
  });
}

/** A client for the bucket: peers that take one are given this. */
export function clientOf(store: S3Store, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: store.endpointUrl,
    region: store.region,
    credentials: { accessKeyId: store.accessKey, secretAccessKey: store.secretKey },
    forcePathStyle: true,
    ...config,
  });
}

function over(store: S3Store, config: S3ClientConfig): Contender {
  const client = clientOf(store, config);
  const Bucket = store.bucket;
  const attributes = { ContentType: contentType, Metadata: metadata };

  async function read(Key: string): Promise<Readable> {
    return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body as Readable;
  }
  function upload(Key: string, Body: Readable): Promise<unknown> {
    return new Upload({ client, params: { Bucket, Key, Body, ...attributes } }).done();
  }

  return {
    save: (Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...attributes })),
    async retrieve(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      if (Body === undefined) throw new Error('no body');
      return Body.transformToByteArray();
    },
    async exists(Key) {
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key }));
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        throw error;
      }
    },
    delete: (Key) => client.send(new DeleteObjectCommand({ Bucket, Key })),
    saveStream: upload,
    saveSized: (Key, Body, ContentLength) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength, ...attributes })),
    saveFile: (key, path) => upload(key, createReadStream(path)),
    drain: async (key, seen) => drainStream(await read(key), seen),
    retrieveToFile: async (key, path) => streamToFile(await read(key), path),
    async list(Prefix, seen) {
      let found = 0;
      for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        for (const { Key, Size } of page.Contents ?? []) {
          if (Key === undefined || Size === undefined) continue;
          seen?.(Key);
          found += 1;
        }
      }
      return found;
    },
    close: () => Promise.resolve(client.destroy()),
  };
}
