import type { CallContext, IncompletePage } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { decodeKey, present, told } from './object-info.ts';

/** One page of the uploads that were begun and not ended: all, or those of one key. */
export async function listIncomplete(
  connection: Connection,
  { key, cursor }: { readonly key?: string; readonly cursor?: string },
  context: CallContext,
): Promise<IncompletePage> {
  const [keyMarker, idMarker] = cursor === undefined ? [] : (JSON.parse(cursor) as [string, string]);
  const command = new connection.sdk.ListMultipartUploadsCommand({
    Bucket: connection.bucket,
    Prefix: key,
    KeyMarker: keyMarker,
    UploadIdMarker: idMarker,
    EncodingType: 'url',
  });
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  told(answer.IsTruncated, 'list of uploads');
  const uploads = (answer.Uploads ?? []).map((upload) => ({
    key: decodeKey(present(upload.Key, 'key of an upload')),
    uploadId: present(upload.UploadId, 'id of an upload'),
    startedAt: present(upload.Initiated, 'time of an upload'),
  }));
  const next = [decodeKey(answer.NextKeyMarker ?? ''), answer.NextUploadIdMarker ?? ''];
  return {
    uploads: key === undefined ? uploads : uploads.filter((upload) => upload.key === key),
    ...(answer.IsTruncated === true && { cursor: JSON.stringify(next) }),
  };
}
