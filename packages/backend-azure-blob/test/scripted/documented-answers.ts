import type { ScriptedAnswer } from './scripted-service.ts';

/**
 * Answers of the service as its reference describes them; https://learn.microsoft.com/rest/api/storageservices/ and
 * the name of the operation.
 */
const lastModified = 'Thu, 01 Jan 2026 00:00:00 GMT';

/** https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
export function failure(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more = '',
): ScriptedAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code, ...headers }, body };
}

export const notFound: ScriptedAnswer = failure(404, 'BlobNotFound', 'The specified blob does not exist.');

/** get-blob and get-blob-properties */
export function blob(bytes: string, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/plain',
      etag: '"0x8DD0000000000AA"',
      'last-modified': lastModified,
      'x-ms-blob-type': 'BlockBlob',
      'x-ms-creation-time': lastModified,
      'x-ms-lease-state': 'available',
      'x-ms-lease-status': 'unlocked',
      'x-ms-server-encrypted': 'true',
      'x-ms-access-tier': 'Hot',
      'x-ms-access-tier-inferred': 'true',
      ...headers,
    },
    body: bytes,
  };
}

/** put-blob, and copy-blob with its own status */
export function written(etag: string, headers: Readonly<Record<string, string>> = {}, status = 201): ScriptedAnswer {
  return { status, headers: { etag, 'last-modified': lastModified, ...headers } };
}

/** list-blobs */
export function listing(blobs: readonly string[]): ScriptedAnswer {
  const items = blobs.join('');
  const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://mycompany.blob.core.windows.net/" ContainerName="uploads"><Blobs>${items}</Blobs><NextMarker /></EnumerationResults>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** An item of list-blobs; `more` are elements such as VersionId. */
export function listed(name: string, size: number, etag: string, more = ''): string {
  return `<Blob><Name>${name}</Name>${more}<Properties><Creation-Time>${lastModified}</Creation-Time><Last-Modified>${lastModified}</Last-Modified><Etag>${etag.replaceAll('"', '')}</Etag><Content-Length>${size}</Content-Length><Content-Type>text/plain</Content-Type><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier></Properties></Blob>`;
}

/** get-blob-tags */
export function tagged(tags: Readonly<Record<string, string>>): ScriptedAnswer {
  const set = Object.entries(tags).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`);
  const body = `<?xml version="1.0" encoding="utf-8"?><Tags><TagSet>${set.join('')}</TagSet></Tags>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** get-block-list, of uncommitted blocks */
export function blocks(uncommitted: readonly (readonly [id: string, size: number])[]): ScriptedAnswer {
  const items = uncommitted.map(([id, size]) => `<Block><Name>${id}</Name><Size>${size}</Size></Block>`);
  const body = `<?xml version="1.0" encoding="utf-8"?><BlockList><UncommittedBlocks>${items.join('')}</UncommittedBlocks></BlockList>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}
