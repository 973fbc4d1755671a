import type { FileInfo } from '../file-info.ts';
import type { ByteSpan } from './download-request.ts';

/** The HTTP headers under which a file, or a range of it, is served. */
export function toHeaders(info: FileInfo, { start, end }: ByteSpan, isPartial: boolean): Headers {
  const headers = new Headers({
    'content-type': info.contentType,
    'content-length': String(end - start),
    etag: info.etag,
    'last-modified': info.lastModified.toUTCString(),
  });
  const optional = {
    'cache-control': info.cacheControl,
    'content-disposition': info.contentDisposition,
    'content-encoding': info.contentEncoding,
    'content-language': info.contentLanguage,
    'content-range': isPartial ? `bytes ${start}-${end - 1}/${info.size}` : undefined,
  };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) headers.set(name, value);
  return headers;
}
