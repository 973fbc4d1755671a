import type { Call } from '../call.ts';
import type { MultipartMember, PartReceipt, UploadRequest } from '../driver.ts';

/** All parts that the service has of an upload, ascending by number. Rejects `NotFound` when the upload is gone. */
export async function listParts(call: Call, multipart: MultipartMember, upload: UploadRequest): Promise<PartReceipt[]> {
  const parts: PartReceipt[] = [];
  let cursor: string | undefined;
  do {
    const request = cursor === undefined ? upload : { ...upload, cursor };
    const page = await call.request({ effect: 'read', run: (context) => multipart.listParts(request, context) });
    parts.push(...page.parts);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return parts;
}
