import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { textOf } from '@storage/core/driver';
import { restError } from '../rest-error.ts';
import type { DownloadAnswer, UploadAnswer } from '../verbs.ts';

const prefix = 'x-ms-meta-';

type Said<T> = { -readonly [K in keyof T]: T[K] };

/** What the headers of an answer say, in the words of the SDK. */
export function toAnswer(headers: IncomingHttpHeaders): Omit<DownloadAnswer, 'body'> & UploadAnswer {
  const answer: Said<Omit<DownloadAnswer, 'body'>> = {};
  // Without a prototype: any name may come.
  const metadata = Object.create(null) as Record<string, string>;
  for (const name in headers) {
    const value = headers[name] as string;
    const read = readers.get(name);
    if (read !== undefined) read(answer, value);
    else if (name.startsWith(prefix)) metadata[name.slice(prefix.length)] = value;
  }
  answer.metadata = metadata;
  return answer;
}

type Reader = (answer: Said<Omit<DownloadAnswer, 'body'>>, value: string) => void;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>(
  Object.entries({
    etag: (answer, value) => void (answer.etag = value),
    'last-modified': (answer, value) => void (answer.lastModified = new Date(value)),
    'content-length': (answer, value) => void (answer.contentLength = Number(value)),
    'content-range': (answer, value) => void (answer.contentRange = value),
    'content-md5': (answer, value) => void (answer.contentMD5 = Buffer.from(value, 'base64')),
    'x-ms-blob-content-md5': (answer, value) => void (answer.blobContentMD5 = Buffer.from(value, 'base64')),
    'content-type': (answer, value) => void (answer.contentType = value),
    'cache-control': (answer, value) => void (answer.cacheControl = value),
    'content-disposition': (answer, value) => void (answer.contentDisposition = value),
    'content-encoding': (answer, value) => void (answer.contentEncoding = value),
    'content-language': (answer, value) => void (answer.contentLanguage = value),
    'x-ms-version-id': (answer, value) => void (answer.versionId = value),
    'x-ms-access-tier': (answer, value) => void (answer.accessTier = value),
    'x-ms-archive-status': (answer, value) => void (answer.archiveStatus = value),
    'x-ms-encryption-scope': (answer, value) => void (answer.encryptionScope = value),
    'x-ms-encryption-key-sha256': (answer, value) => void (answer.encryptionKeySha256 = value),
  }),
);

/** The error that an answer is, as the SDK would have thrown it. */
export function toError({ statusCode = 0, headers }: IncomingMessage, text: string): Error {
  const one = (name: string): string | undefined => headers[name] as string | undefined;
  return restError({
    statusCode,
    message: textOf(text, 'Message') ?? text,
    errorCode: one('x-ms-error-code') ?? textOf(text, 'Code'),
    headers: { get: one },
    authenticationErrorDetail: textOf(text, 'AuthenticationErrorDetail'),
  });
}
