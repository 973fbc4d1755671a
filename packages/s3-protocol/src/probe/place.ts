import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { codeOf } from '../errors.ts';
import type { ProbeTarget } from './target.ts';

/** An unfinished upload. */
export interface Upload {
  readonly Key: string;
  readonly UploadId: string;
}

/** The part of a bucket that belongs to one question, and requests as the service gets them: nothing of the driver. */
export class Place {
  readonly target: ProbeTarget;
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly #uploads = new Set<Upload>();

  constructor(target: ProbeTarget, client: S3Client, prefix: string) {
    this.target = target;
    this.client = client;
    this.bucket = target.bucketName;
    this.prefix = prefix;
  }

  key(name: string): string {
    return this.prefix + name;
  }

  put(
    key: string,
    body: NonNullable<PutObjectCommandInput['Body']>,
    more: Partial<PutObjectCommandInput> = {},
  ): Promise<PutObjectCommandOutput> {
    return this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ...more }));
  }

  /** Text of an object; `undefined`: there is none. */
  async read(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (codeOf(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async delete(key: string, more: Partial<DeleteObjectCommandInput> = {}): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key, ...more }));
  }

  async copy(from: string, to: string, more: Partial<CopyObjectCommandInput> = {}): Promise<void> {
    const CopySource = this.sourceOf(from);
    await this.client.send(new CopyObjectCommand({ Bucket: this.bucket, Key: to, CopySource, ...more }));
  }

  sourceOf(key: string): string {
    return `${this.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  }

  list(more: Partial<ListObjectsV2CommandInput> = {}): Promise<ListObjectsV2CommandOutput> {
    return this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, ...more }));
  }

  /** Names that a listing shows, without the prefix. */
  async names(more: Partial<ListObjectsV2CommandInput> = {}): Promise<string[]> {
    const { Contents = [] } = await this.list(more);
    return Contents.map(({ Key = '' }) => Key.slice(this.prefix.length));
  }

  async startUpload(key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<Upload> {
    const command = new CreateMultipartUploadCommand({ Bucket: this.bucket, Key: key, ...more });
    const { UploadId = '' } = await this.client.send(command);
    const upload = { Key: key, UploadId };
    this.#uploads.add(upload);
    return upload;
  }

  async putPart(
    upload: Upload,
    PartNumber: number,
    Body: string | Uint8Array,
  ): Promise<{ PartNumber: number; ETag?: string | undefined }> {
    const command = new UploadPartCommand({ Bucket: this.bucket, ...upload, PartNumber, Body });
    const { ETag } = await this.client.send(command);
    return { PartNumber, ETag };
  }

  async complete(
    upload: Upload,
    Parts: { PartNumber: number; ETag?: string | undefined }[],
    more: Partial<CompleteMultipartUploadCommandInput> = {},
  ): Promise<void> {
    const MultipartUpload = { Parts };
    await this.client.send(
      new CompleteMultipartUploadCommand({ Bucket: this.bucket, ...upload, MultipartUpload, ...more }),
    );
    this.#uploads.delete(upload);
  }

  async abort(upload: Upload): Promise<void> {
    await this.client.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, ...upload }));
    this.#uploads.delete(upload);
  }

  /** Frees the parts of what was started here and not ended: listings of unfinished uploads are not reliable everywhere. */
  async abortAll(): Promise<void> {
    for (const upload of this.#uploads) {
      await this.abort(upload).catch((error: unknown) => {
        if (codeOf(error) !== 'NoSuchUpload') throw error;
      });
    }
  }
}
