import { lookup } from 'mrmime';
import { describe } from './check.ts';
import { DriverFault } from './errors/driver-fault.ts';
import type { ContentHeaders } from './file-info.ts';
import type { AttributeOptions } from './options.ts';
import type { Writable } from './record.ts';

const defaultContentType = 'application/octet-stream';
const maxHeaderBytes = 1024;

const token = String.raw`[!#$%&'*+\-.^_\x60|~A-Za-z0-9]+`;
const mediaType = new RegExp(String.raw`^${token}/${token}(?: *; *${token}=(?:${token}|"(?:[^"\\]|\\.)*"))* *;?$`);
const tokenList = new RegExp(`^${token}(?: *, *${token})*$`);
const languageList = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?: *, *[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)*$/;

/** Header values that HTTP carries unchanged: printable ASCII, no space at an end (services trim it). */
const carried = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

type HeaderOptions = Pick<AttributeOptions, keyof ContentHeaders>;

/**
 * The content headers to store, exactly as given, with the content type's default.
 *
 * @param source.key whose extension `contentType: 'from-name'` looks up
 * @param source.bodyType the type that a Blob, File or Response has of its own
 */
export function checkHeaders(
  options: HeaderOptions,
  source: { readonly key: string; readonly bodyType: string | undefined },
): ContentHeaders {
  const cacheControl = checkHeader('cacheControl', options.cacheControl);
  const contentDisposition = checkHeader('contentDisposition', options.contentDisposition);
  const contentEncoding = checkHeader('contentEncoding', options.contentEncoding, tokenList, 'gzip');
  const contentLanguage = checkHeader('contentLanguage', options.contentLanguage, languageList, 'de, en-US');
  const headers: Writable<ContentHeaders> = { contentType: contentTypeOf(options.contentType, source) };
  if (cacheControl !== undefined) headers.cacheControl = cacheControl;
  if (contentDisposition !== undefined) headers.contentDisposition = contentDisposition;
  if (contentEncoding !== undefined) headers.contentEncoding = contentEncoding;
  if (contentLanguage !== undefined) headers.contentLanguage = contentLanguage;
  return headers;
}

/** One header value that a service stores or signs, exactly as given; undefined when it is not given. */
export function checkHeader(name: string, value: unknown, shape?: RegExp, example?: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') {
    throw invalid(`${name} must be a non-empty string, not ${describe(value)}`);
  }
  if (!carried.test(value)) throw notCarried(name, value);
  if (value.length > maxHeaderBytes) {
    throw invalid(`${name} has ${value.length} characters, the limit is ${maxHeaderBytes}`);
  }
  if (shape !== undefined && !shape.test(value)) {
    throw invalid(
      `${name} is not of the form that HTTP gives it${example === undefined ? '' : `, such as '${example}'`}: ${describe(value)}`,
    );
  }
  return value;
}

/** A media type, exactly as given; undefined when it is not given. */
export function checkContentType(name: string, value: unknown): string | undefined {
  return checkHeader(name, value, mediaType, 'text/plain; charset=utf-8');
}

function contentTypeOf(
  value: unknown,
  { key, bodyType }: { readonly key: string; readonly bodyType: string | undefined },
): string {
  if (value === 'from-name') return lookup(key) ?? ownType(bodyType);
  return checkContentType('contentType', value) ?? ownType(bodyType);
}

/** A Blob's type comes from a browser's form or another server: what is no media type is as good as none. */
function ownType(bodyType: string | undefined): string {
  if (bodyType === undefined || bodyType.length > maxHeaderBytes) return defaultContentType;
  return carried.test(bodyType) && mediaType.test(bodyType) ? bodyType : defaultContentType;
}

function notCarried(name: string, value: string): DriverFault {
  if (/\p{Cc}/u.test(value)) return invalid(`${name} has a control character`);
  if (value !== value.trim()) return invalid(`${name} begins or ends with a space, which services drop`);
  // Some services turn it into `=?UTF-8?…?=`, some refuse the signature, some SDKs throw.
  const hint =
    name === 'contentDisposition'
      ? "write the name as filename*=UTF-8''… with encodeURIComponent, beside a plain filename"
      : 'put such text into metadata, which may hold any';
  return new DriverFault(
    'InvalidArgument',
    `${name} has characters outside of ASCII, which HTTP headers cannot carry`,
    { hint },
  );
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
