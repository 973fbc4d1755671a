import type { MultipartMember, ObjectAttributes, PartReceipt, PutResponse, UploadRequest } from '../driver.ts';
import { collect, concat } from '../driver-kit/collect.ts';
import { checkWrite } from '../driver-kit/conditions.ts';
import type { Bucket, Reach } from './bucket.ts';
import { invalidArgument, uploadGone } from './errors.ts';
import { toResponse } from './info.ts';
import { checksumOf, createContent } from './revision.ts';

/** An upload in parts, from `create` on. */
export interface Upload {
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly startedAt: number;
  readonly parts: Map<number, Part>;
  /** Set by `complete`, which then answers the same when it is asked again. */
  result?: PutResponse;
}

interface Part {
  readonly bytes: Uint8Array;
  readonly receipt: PartReceipt;
}

/** Uploads in parts: the parts lie beside the objects until `complete` makes one of them. */
export function createMultipart(reach: Reach): Required<MultipartMember> {
  return {
    async create({ key, attributes }, context) {
      const bucket = reach(context);
      const uploadId = bucket.nextId();
      bucket.uploads.set(uploadId, { key, attributes, startedAt: bucket.settings.clock(), parts: new Map() });
      return { uploadId };
    },

    async putPart(request, context) {
      openUpload(reach(context), request);
      const bytes = await collect(request.body, context.signal);
      context.signal.throwIfAborted();

      // Asked for anew: the upload may have ended while the bytes came.
      const bucket = reach(context);
      const upload = openUpload(bucket, request);
      const checksum = checksumOf(bytes);
      const etag = `"${checksum.value}-${bucket.nextId()}"`;
      const receipt = { partNumber: request.partNumber, size: bytes.byteLength, etag, checksum };
      upload.parts.set(request.partNumber, { bytes, receipt });
      return receipt;
    },

    async complete(request, context) {
      const bucket = reach(context);
      const finished = bucket.uploads.get(request.uploadId);
      if (finished?.key === request.key && finished.result !== undefined) return finished.result;

      const upload = openUpload(bucket, request);
      const parts = request.parts.map((receipt) => partOf(upload, receipt));
      checkSizes(parts, bucket.settings.minPartSize);
      checkWrite(bucket.current(request.key), request.condition);
      const bytes = concat(parts.map((part) => part.bytes));
      upload.result = toResponse(bucket, bucket.commit(request.key, createContent(bytes, upload.attributes)));
      upload.parts.clear();
      return upload.result;
    },

    async abort(request, context) {
      const { uploads } = reach(context);
      const upload = uploads.get(request.uploadId);
      if (upload?.key === request.key && upload.result === undefined) uploads.delete(request.uploadId);
    },

    async listParts(request, context) {
      const { parts } = openUpload(reach(context), request);
      const receipts = [...parts.values()].map((part) => part.receipt);
      return { parts: receipts.sort((a, b) => a.partNumber - b.partNumber) };
    },

    async listIncomplete({ key }, context) {
      const uploads = [...reach(context).uploads]
        .filter(([, upload]) => upload.result === undefined && (key === undefined || key === upload.key))
        .map(([uploadId, upload]) => ({ uploadId, key: upload.key, startedAt: new Date(upload.startedAt) }));
      return { uploads };
    },
  };
}

function openUpload(bucket: Bucket, { key, uploadId }: UploadRequest): Upload {
  const upload = bucket.uploads.get(uploadId);
  if (upload === undefined || upload.key !== key || upload.result !== undefined) throw uploadGone();
  return upload;
}

function partOf(upload: Upload, { partNumber, etag, size }: PartReceipt): Part {
  const part = upload.parts.get(partNumber);
  if (part?.receipt.etag === etag && part.receipt.size === size) return part;
  throw invalidArgument(`part ${partNumber} is ${part === undefined ? 'missing' : 'not the one of its receipt'}`);
}

function checkSizes(parts: readonly Part[], minPartSize: number): void {
  const small = parts.slice(0, -1).find((part) => part.bytes.byteLength < minPartSize);
  if (small === undefined) return;
  const { partNumber, size } = small.receipt;
  throw invalidArgument(`part ${partNumber} has ${size} bytes; all but the last need ${minPartSize}`);
}
