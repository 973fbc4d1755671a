import { DriverFault, type MultipartMember, type PartReceipt } from '@storage/core/driver';
import { blobOf, type Reach } from '../connection.ts';
import { md5Of, sendBody } from '../send-body.ts';
import { type Block, createBlockId, createUploadId, markerNumber } from './block-id.ts';
import { complete } from './complete.ts';
import { findStaged } from './staged.ts';

/**
 * Uploads in blocks. The service has no sessions and cannot drop a block: what is not committed disappears when
 * somebody commits or replaces the blob, or after a week. So `abort` has nothing to do, and there is nothing that
 * `cleanup` could free.
 *
 * https://learn.microsoft.com/rest/api/storageservices/put-block-list
 */
export function createMultipart(reach: Reach): MultipartMember {
  return {
    async create({ key }, { signal }) {
      const uploadId = createUploadId();
      // One byte that is never committed: as long as it is there, the upload is.
      const marker = createBlockId(uploadId, markerNumber, 1);
      await blobOf(reach(), key).stageBlock(marker, Buffer.of(0), 1, { abortSignal: signal });
      return { uploadId };
    },

    async putPart({ key, uploadId, partNumber, body, integrity }, { signal }) {
      signal.throwIfAborted();
      const { size, pieces } = body;
      const id = createBlockId(uploadId, partNumber, size);
      const receipt = { partNumber, size, etag: id };
      // The service takes no block without bytes; `complete` leaves it out.
      if (size === 0) return receipt;
      const checks = integrity === 'default' && pieces !== undefined ? { transactionalContentMD5: md5Of(pieces) } : {};
      const blob = blobOf(reach(), key);
      await sendBody(body, signal, (content, abortSignal) =>
        blob.stageBlock(id, content, size, { ...checks, abortSignal }),
      );
      return receipt;
    },

    complete: (request, context) => complete(reach(), request, context),

    async abort() {},

    async listParts(request, { signal }) {
      const { isOpen, parts } = await findStaged(reach(), request, signal);
      if (!isOpen) throw new DriverFault('NotFound', 'the upload was completed, overtaken by another, or has expired');
      return { parts: parts.map(receiptOf) };
    },
  };
}

function receiptOf({ partNumber, size, id }: Block): PartReceipt {
  return { partNumber, size, etag: id };
}
