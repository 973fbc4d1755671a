import type { Part } from '@aws-sdk/client-s3';
import type { CallContext, PartPage, PartReceipt, UploadRequest } from '@storage/core/driver';
import { checksumOf } from './checksums.ts';
import type { Connection } from './connection.ts';
import { present, told } from './object-info.ts';

/** One page of the parts that an upload has so far. */
export async function listParts(
  connection: Connection,
  { key, uploadId, cursor }: UploadRequest & { readonly cursor?: string },
  context: CallContext,
): Promise<PartPage> {
  const command = new connection.sdk.ListPartsCommand({
    Bucket: connection.bucket,
    Key: key,
    UploadId: uploadId,
    PartNumberMarker: cursor,
  });
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  told(answer.IsTruncated, 'list of parts');
  return {
    parts: (answer.Parts ?? []).map(toReceipt),
    ...(answer.IsTruncated === true && { cursor: present(answer.NextPartNumberMarker, 'NextPartNumberMarker') }),
  };
}

function toReceipt(part: Part): PartReceipt {
  const checksum = checksumOf(part);
  return {
    partNumber: present(part.PartNumber, 'number of a part'),
    size: present(part.Size, 'size of a part'),
    etag: present(part.ETag, 'etag of a part'),
    ...(checksum !== undefined && { checksum }),
  };
}
