import { Readable } from 'node:stream';
import { DriverFault, type MultipartMember, type PartReceipt } from '@storage/core/driver';
import type { Reach } from '../connection.ts';
import { md5Of } from '../send-body.ts';
import { type Block, createBlockId, createUploadId, markerNumber } from './block-id.ts';
import { complete } from './complete.ts';
import { findStaged } from './staged.ts';

const byte = Buffer.of(0);
const oneByte = { size: 1, pieces: [byte], open: () => Readable.from([byte]) };

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
      await reach().verbs.stageBlock({ key }, { id: marker }, oneByte, signal);
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
      await reach().verbs.stageBlock({ key }, { id, ...checks }, body, signal);
      return receipt;
    },

    complete: (request, context) => complete(reach(), request, context),

    async abort() {},

    async listParts(request, { signal }) {
      const { isOpen, parts } = await findStaged(await reach().connected(), request, signal);
      if (!isOpen) throw new DriverFault('NotFound', 'the upload was completed, overtaken by another, or has expired');
      return { parts: parts.map(receiptOf) };
    },
  };
}

function receiptOf({ partNumber, size, id }: Block): PartReceipt {
  return { partNumber, size, etag: id };
}
